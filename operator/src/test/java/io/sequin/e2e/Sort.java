package io.sequin.e2e;

/** What a Sync is about when its operator is killed. */
enum Sort {
    /** The process has not asked the source for anything yet. */
    START,
    /** A table is being filled. */
    BACKFILL,
    /** All tables are live and follow their changes. */
    TAIL,
    /** A row that was deleted at the source is still there. */
    DELETES,
    /** A re-sync lists a table. */
    RESYNC,
    /** A re-sync has listed a table, and deletes what it has not met. */
    SWEEP
}
