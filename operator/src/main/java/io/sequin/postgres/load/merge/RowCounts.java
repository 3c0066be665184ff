package io.sequin.postgres.load.merge;

import io.sequin.data.Deletes;
import io.sequin.postgres.schema.RowGrowth;

/**
 * What statements really did to a table's rows.
 *
 * @param changed rows written: inserted, updated, deleted, marked as deleted or taken back from that
 * @param live by how many the rows grew that are not marked as deleted
 * @param marked by how many those grew that are
 * @param setAside by how many the records grew that are set aside
 * @param keptOut a trigger kept rows from being written
 */
public record RowCounts(long changed, long live, long marked, long setAside, boolean keptOut) {
    /** Nothing was done. */
    public static final RowCounts NONE = new RowCounts(0, 0, 0, 0, false);

    /** Rows that were inserted, and rows that were updated. */
    public static RowCounts merged(long inserted, long updated) {
        return new RowCounts(inserted + updated, inserted, 0, 0, false);
    }

    /** Rows that were deleted, or only marked. */
    public static RowCounts deleted(long rows, Deletes how) {
        return new RowCounts(rows, -rows, how == Deletes.SOFT ? rows : 0, 0, false);
    }

    /** Rows marked as deleted that an update, counted apart, took back. */
    public static RowCounts revived(long rows) {
        return new RowCounts(0, rows, -rows, 0, false);
    }

    /** By how many the records grew that are set aside. */
    public static RowCounts setAside(long records) {
        return new RowCounts(0, 0, 0, records, false);
    }

    /** The same, where a trigger kept rows from being written, or did not. */
    public RowCounts keepingOut(boolean some) {
        return new RowCounts(changed, live, marked, setAside, some);
    }

    /** As the table's record counts. */
    public RowGrowth growth() {
        return new RowGrowth(changed > 0, live, marked, setAside);
    }

    /** Both together. */
    public RowCounts plus(RowCounts other) {
        return new RowCounts(
                changed + other.changed,
                live + other.live,
                marked + other.marked,
                setAside + other.setAside,
                keptOut || other.keptOut);
    }
}
