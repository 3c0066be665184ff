package io.sequin.postgres.schema;

/**
 * What a transaction of ours does to the database. Each has a name, so that {@code pg_stat_activity} shows it while it
 * lasts, and so that a test can end the connection at each of them: one that no such test visits fails the build.
 */
public enum Effect {
    /** The schema is created or claimed, and the fence taken. */
    TAKE("take schema"),
    /** Open transactions of earlier writers are ended. */
    END_LEFTOVERS("end leftovers"),
    /** Tables are recorded as not filled any more. */
    RETAIN("retain tables"),
    /** A table is created or gets columns. */
    ENSURE("ensure table"),
    /** Values move from the overflow column into a column that came later. */
    PROMOTE("promote values"),
    /** Whether rows that soft deletes marked may go. */
    ASK_PURGE("ask for purge"),
    /** They go for good. */
    PURGE("purge rows"),
    /** Lanes are recorded at their start. */
    BEGIN("begin lanes"),
    /** Rows, checkpoint and fence. */
    COMMIT_BATCH("commit batch", Effect.BY_KEY),
    /** A request to sync again is recorded, taken up, or ended. */
    REQUEST("record resync request"),
    /** A full pass begins, or begins anew. */
    START_PASS("start full pass"),
    /** The listing of a full pass is at its end. */
    COMPLETE_PASS("complete full pass"),
    /** The source was asked for rows that a full pass has not met. */
    ASK_ROWS("record asked rows"),
    /** Rows that a full pass has not met are deleted. */
    SWEEP("sweep"),
    /** A full pass is over. */
    FINISH_PASS("finish full pass"),
    /** Keys that a full pass has met, and that are of no use any more. */
    FORGET_KEYS("forget met keys"),
    /** The claim is said to be in use. */
    RENEW("renew claim"),
    /** The claim is let go of. */
    RELEASE("release"),
    /** The fence is taken to drop the data of a deleted Sync. */
    DROP_BEGIN("begin to drop"),
    /** One table is dropped with its record. */
    DROP_TABLE("drop table"),
    /** Our state is dropped, and the schema. */
    DROP_REST("drop schema");

    /**
     * Rows are found by the table's key, whatever its size: a hash join reads the whole table for each batch, and is what
     * the planner takes for staged rows, of which it has no statistics, and for arrays, whose length it guesses (measured:
     * 50,000 rows into a table of a million in 280 ms by key, in 670 ms by hash join).
     */
    private static final String BY_KEY =
            "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off";

    private final String words;
    private final String settings;

    Effect(String words) {
        this(words, "");
    }

    Effect(String words, String settings) {
        this.words = words;
        this.settings = settings;
    }

    /** As people read it: a few ASCII words, the same for all schemas. */
    public String words() {
        return words;
    }

    /** Statements that such a transaction begins with, beside those of all; empty where there are none. */
    String settings() {
        return settings;
    }
}
