package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes the changes of one table inside a transaction, by the quickest way that is safe. */
final class TableWriter {
    /** From here on a staging table is quicker than bound arrays. */
    static final int STAGING_ROWS = 1_000;

    private static final String UNIQUE_VIOLATION = "23505";

    private final boolean canStage;

    /** @param canStage temporary tables are allowed; without them rows go in bound arrays, however many */
    TableWriter(boolean canStage) {
        this.canStage = canStage;
    }

    /**
     * Applies the changes.
     *
     * @param careful a quick way has failed for these changes already
     * @throws NeedsStaging where a quick way failed
     * @throws io.sequin.postgres.TableException where a record or a delete is refused
     */
    RowCounts write(Transaction tx, TableTarget target, TableChanges changes, boolean careful) throws SQLException {
        RowCounts deleted = delete(tx, target, changes);
        List<Change.Upsert> upserts = changes.upserts();
        if (upserts.isEmpty()) {
            return deleted;
        }
        try {
            return deleted.plus(upsert(tx, target, upserts, careful));
        } catch (UnfitRecord e) {
            throw RejectedRecord.of(changes.table(), e);
        } catch (SQLException e) {
            if (TableRefusal.isOne(e)) {
                throw TableRefusal.ofUpsert(changes.table(), e);
            }
            if (RejectedRecord.isAboutValues(e)) {
                throw RejectedRecord.of(changes.table(), e);
            }
            throw e;
        }
    }

    private RowCounts upsert(Transaction tx, TableTarget target, List<Change.Upsert> upserts, boolean careful)
            throws SQLException {
        if (target.fresh() && !careful) {
            return copyDirect(tx, target, upserts);
        }
        if (!canStage || (upserts.size() < STAGING_ROWS && !careful)) {
            return mergeArrays(tx, target, upserts, careful);
        }
        return mergeStaged(tx, target, upserts);
    }

    private static RowCounts delete(Transaction tx, TableTarget target, TableChanges changes) throws SQLException {
        RowArrays arrays = new RowArrays(target.shape());
        long deleted = 0;
        target.mayMark();
        try {
            if (!changes.deletes().isEmpty()) {
                deleted += tx.update(
                        target.deleteByKeys(),
                        arrays.ofKeys(tx, changes.deletes()).toArray());
            }
            if (!changes.replaced().isEmpty()) {
                List<Array> bound = new ArrayList<>(arrays.ofParents(tx, changes.replaced()));
                // also rows that come from another parent in this batch: they move
                bound.addAll(arrays.ofKeys(
                        tx, changes.upserts().stream().map(Change.Upsert::key).toList()));
                deleted += tx.update(target.deleteOtherChildren(), bound.toArray());
            }
            return target.deleted(deleted);
        } catch (SQLException e) {
            if (TableRefusal.isOne(e) || RejectedRecord.isAboutValues(e)) {
                throw TableRefusal.ofDelete(target.shape().name(), e);
            }
            throw e;
        }
    }

    private static RowCounts copyDirect(Transaction tx, TableTarget target, List<Change.Upsert> upserts)
            throws SQLException {
        String table = target.shape().name();
        try {
            return RowCounts.merged(new CopyRows(target.shape()).into(tx, target.copyDirect(), upserts), 0);
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                target.noLongerFresh();
                throw new NeedsStaging(table);
            }
            throw refusedInCopy(table, table, upserts, e);
        }
    }

    private RowCounts mergeArrays(Transaction tx, TableTarget target, List<Change.Upsert> upserts, boolean careful)
            throws SQLException {
        RowCounts counts = RowCounts.NONE;
        for (int from = 0; from < upserts.size(); from += STAGING_ROWS) {
            List<Change.Upsert> some = upserts.subList(from, Math.min(upserts.size(), from + STAGING_ROWS));
            List<Array> arrays = new RowArrays(target.shape()).ofRecords(tx, some);
            try {
                counts = counts.plus(revived(tx, target, target.countMarkedInArrays(), arrays))
                        .plus(target.fromArrays().apply(tx, some.size(), arrays));
            } catch (SQLException e) {
                if (RejectedRecord.isAboutValues(e) && canStage && !careful) {
                    // COPY says which record it was
                    throw new NeedsStaging(target.shape().name());
                }
                throw e;
            }
        }
        return counts;
    }

    private static RowCounts mergeStaged(Transaction tx, TableTarget target, List<Change.Upsert> upserts)
            throws SQLException {
        tx.execute(target.createStage());
        try {
            new CopyRows(target.shape()).into(tx, target.copyStage(), upserts);
        } catch (SQLException e) {
            throw refusedInCopy(target.shape().name(), target.stage(), upserts, e);
        }
        return revived(tx, target, target.countMarkedInStage(), List.of())
                .plus(target.fromStage().apply(tx, upserts.size(), List.of()));
    }

    /** Counted before the rows are merged: afterwards nobody knows which of them were marked as deleted. */
    private static RowCounts revived(Transaction tx, TableTarget target, String count, List<Array> arrays)
            throws SQLException {
        return target.mayHoldMarked()
                ? RowCounts.revived(
                        tx.first(count, row -> row.getLong(1), arrays.toArray()).orElseThrow())
                : RowCounts.NONE;
    }

    private static SQLException refusedInCopy(
            String table, String relation, List<Change.Upsert> upserts, SQLException e) {
        if (RejectedRecord.isAboutValues(e)) {
            throw RejectedRecord.of(table, relation, upserts, e);
        }
        return e;
    }
}
