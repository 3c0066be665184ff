package io.sequin.postgres.load;

import java.time.Duration;

/** Hears of every batch; for metrics. Called on the thread that commits: must not block. */
@FunctionalInterface
public interface CommitListener {
    /** Hears nothing. */
    CommitListener NONE = (result, took) -> {};

    /** How a batch came out. */
    enum Result {
        COMMITTED,
        /** Rolled back, or its answer was lost. */
        FAILED,
        /** Another process has taken the schema: nothing was written. */
        FENCED
    }

    /**
     * A batch came to its end.
     *
     * @param took from the begin of its transaction
     */
    void ended(Result result, Duration took);
}
