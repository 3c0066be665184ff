package io.sequin.postgres;

import java.time.Duration;

/**
 * How long a connection may wait. The driver counts in whole seconds.
 *
 * @param connect for name look-up and TCP together, then again for the TLS handshake
 * @param socket for each read; {@code statement_timeout} must be shorter, since a client's time-out does not stop the
 *     server
 * @param borrow in line for one of the connections that all users of a Destination share
 */
public record Timeouts(Duration connect, Duration socket, Duration borrow) {
    /** 10 s to connect, 60 s to read, 60 s to borrow. */
    public static final Timeouts USUAL =
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60));

    /** For a verification, which asks one short question: 10 s each. */
    public static final Timeouts PROBE =
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

    public Timeouts {
        if (connect.toSeconds() < 1 || socket.toSeconds() < 1 || borrow.toSeconds() < 1) {
            throw new IllegalArgumentException("a time-out is at least 1 s: 0 would mean for ever");
        }
    }
}
