package io.sequin.operator.sync;

import io.sequin.data.ProblemCode;

/** The reasons of a Sync's conditions that are not problems. */
public enum SyncReason {
    /** The loop works, and nothing is committed yet. */
    STARTING("Starting"),
    /** The first passes are running, or tables are synced again for {@code spec.resync}; what was synced stays readable and follows its changes. */
    BACKFILLING("Backfilling"),
    /** {@code spec.resync.tables} names a table that this Sync does not fill: it does not begin, all else goes on. */
    RESYNC_TABLE_UNKNOWN("ResyncTableUnknown"),
    /** Every table follows its source. */
    LIVE("Live"),
    /** Live, and the first poll for changes is not completed yet. */
    CATCHING_UP("CatchingUp"),
    /** Live, but further behind than it should be. */
    LAGGING("Lagging"),
    /** The source has no quota left for us for now: the message says until when. */
    QUOTA_PARKED("QuotaParked"),
    /** Some tables fail, the others go on. */
    TABLES_FAILING("TablesFailing"),
    /** The user wants no work done. */
    SUSPENDED("Suspended"),
    /** The Sync is deleted, and its data is being dropped: {@code spec.deletionPolicy} is {@code Delete}. */
    DELETING("Deleting"),
    /** An Event: the Sync is deleted, and not all of its data could be dropped. The note has the statement that does it. */
    SCHEMA_LEFT_BEHIND("SchemaLeftBehind"),
    /** What was running is ending. */
    STOPPING("Stopping"),
    /** An earlier step is missing. */
    NOT_REACHED("NotReached"),
    /** The Destination works. */
    CONNECTED("Connected"),
    /** The source answers. */
    REACHABLE("Reachable"),
    /** The schema is ours. */
    CLAIMED("Claimed"),
    /** The schema is ours, and Postgres can't take some records: they are set aside in {@code _sync_error}, all others are written. The message has the statement that shows them; {@code docs/tables.md} has the rules. */
    RECORDS_SET_ASIDE("RecordsSetAside"),
    /** Every table's first pass is done. */
    COMPLETE("Complete");

    /** The reason of the source's problem that stands for a quota used up. */
    private static final String RATE_LIMITED = "RateLimited";

    private final String text;

    SyncReason(String text) {
        this.text = text;
    }

    /** The word in the condition. */
    public String text() {
        return text;
    }

    static boolean isQuota(ProblemCode code) {
        return RATE_LIMITED.equals(code.reason());
    }
}
