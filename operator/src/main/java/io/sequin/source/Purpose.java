package io.sequin.source;

/** What a request to a source is for; decides whose share of the account's budget it takes. */
public enum Purpose {
    /** Asks who the account is, what it offers, what time it is. */
    PROBE,
    /** Looks for changes. */
    TAIL,
    /** Gets the present state of rows that changed. */
    FETCH,
    /** Lists rows for a first pass. */
    BACKFILL;

    /** What reading a lane is for. */
    public static Purpose of(Lane.Kind kind) {
        return switch (kind) {
            case FIRST_PASS -> BACKFILL;
            case TAIL -> TAIL;
        };
    }

    /** Whether it keeps live data current, and so never waits behind backfills. */
    public boolean keepsCurrent() {
        return this != BACKFILL;
    }
}
