package io.sequin.postgres;

import io.sequin.data.HostPort;

/**
 * The connection as it came about.
 *
 * @param peer the address of the server's end
 * @param tls protocol version such as {@code TLSv1.3}, {@link #PLAIN} without TLS
 * @param authenticated whether the server's certificate was checked; never without TLS
 */
public record Link(HostPort peer, String tls, boolean authenticated) {
    /** No TLS. */
    public static final String PLAIN = "off";

    /** Whether it is protected from listeners. */
    public boolean encrypted() {
        return !tls.equals(PLAIN);
    }
}
