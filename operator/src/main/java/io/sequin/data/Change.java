package io.sequin.data;

/** What a source says about one row. */
public sealed interface Change {
    String table();

    RowKey key();

    /** The row is now this object, whole. */
    record Upsert(String table, RowKey key, Json object) implements Change {}

    /** The row is gone at the source. */
    record Delete(String table, RowKey key) implements Change {}

    /**
     * Something happened to the row; its present state must be fetched to know what.
     *
     * @param deletion whether the source reported a deletion: then the row counts as gone where it can't be fetched
     */
    record Hint(String table, RowKey key, boolean deletion) implements Change {}
}
