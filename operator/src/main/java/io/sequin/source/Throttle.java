package io.sequin.source;

import java.time.Instant;
import java.util.Optional;

/**
 * The source's request to slow down.
 *
 * @param scope whom it concerns
 * @param limit which limit was met
 * @param until not before this time; empty where the source did not say
 */
public record Throttle(Scope scope, Limit limit, Optional<Instant> until) {
    /** Whom it concerns. */
    public enum Scope {
        /** Every call of the account. */
        ACCOUNT,
        /** The calls of the same group. */
        GROUP
    }

    /** Which limit was met. */
    public enum Limit {
        /** Requests in a time. */
        RATE,
        /** Requests at once. */
        CONCURRENCY
    }
}
