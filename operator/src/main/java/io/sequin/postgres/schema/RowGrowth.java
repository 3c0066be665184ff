package io.sequin.postgres.schema;

/**
 * What a batch did to one table.
 *
 * @param changed whether any row was written
 * @param rows by how many its rows grew, but for those marked as deleted
 * @param marked by how many those grew
 * @param errors by how many the records grew that are set aside
 */
public record RowGrowth(boolean changed, long rows, long marked, long errors) {
    /** Nothing. */
    public static final RowGrowth NONE = new RowGrowth(false, 0, 0, 0);

    boolean isNone() {
        return equals(NONE);
    }
}
