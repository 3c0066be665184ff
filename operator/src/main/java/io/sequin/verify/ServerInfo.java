package io.sequin.verify;

/**
 * The server as we met it.
 *
 * @param version such as {@code 16.4}
 * @param tls protocol version, or {@code off}
 * @param user the role we are logged in as
 * @param address IP address and port of the server that answered
 */
public record ServerInfo(String version, String tls, String user, String address, boolean readOnly) {}
