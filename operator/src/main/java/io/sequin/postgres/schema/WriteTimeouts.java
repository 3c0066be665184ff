package io.sequin.postgres.schema;

import java.time.Duration;

/**
 * What a transaction may last on the server, set at its start. A client's time-out does not stop the server, so these
 * must end before it.
 *
 * @param lock longest wait for one lock
 * @param statement longest run of one statement: ten seconds less than the socket's time-out
 * @param idle longest pause between two statements of a transaction
 */
public record WriteTimeouts(Duration lock, Duration statement, Duration idle) {
    /** For connections whose socket times out after 60 seconds. */
    public static WriteTimeouts standard() {
        return new WriteTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(50), Duration.ofSeconds(60));
    }
}
