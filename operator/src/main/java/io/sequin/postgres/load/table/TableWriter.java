package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.SqlStates;
import io.sequin.postgres.load.copy.CopyRows;
import io.sequin.postgres.load.merge.ApplyStatement;
import io.sequin.postgres.load.merge.RowCounts;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.load.row.Refusal;
import io.sequin.postgres.load.row.Rejected;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.row.Unfit;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes the changes of one table inside a transaction, by the quickest way that is safe. */
public final class TableWriter {
    /** From here on a staging table is quicker than bound arrays. */
    public static final int STAGING_ROWS = 1_000;

    /** A key that is there already; and no COPY into a table with row-level security. */
    private static final Set<String> NOT_STRAIGHT = Set.of(SqlState.UNIQUE_VIOLATION, SqlState.FEATURE_NOT_SUPPORTED);

    private final boolean canStage;

    /** @param canStage temporary tables are allowed; without them rows go in bound arrays, however many */
    public TableWriter(boolean canStage) {
        this.canStage = canStage;
    }

    /**
     * Applies the changes; records that Postgres can't take are set aside.
     *
     * @param care what the quick ways that have failed for these changes ask for
     * @throws NeedsCare where a quick way failed
     * @throws io.sequin.postgres.TableException where a record can't be set aside, too many would be, or what users hang on
     *     the table refuses
     */
    public RowCounts write(Transaction tx, TableTarget target, TableChanges changes, Care care) throws SQLException {
        RowCounts deleted = delete(tx, target, changes);
        Rejected rejected = new Rejected(changes.table(), changes.upserts().size());
        try {
            List<Change.Upsert> upserts =
                    care == Care.TRIED ? new Probe(tx, target, rejected).fit(changes.upserts()) : changes.upserts();
            RowCounts written = upserts.isEmpty() ? RowCounts.NONE : upsert(tx, target, upserts, care, rejected);
            return deleted.plus(written).plus(target.setAside(tx, changes, rejected));
        } catch (SQLException e) {
            if (!Unfit.isAboutValues(e)) {
                throw TableRefusal.ofUpsert(changes.table(), e).orElseThrow(() -> e);
            }
            if (care == Care.TRIED) {
                throw Refusal.ofTable(changes.table(), e);
            }
            throw new NeedsCare(changes.table(), Care.TRIED);
        }
    }

    private RowCounts upsert(
            Transaction tx, TableTarget target, List<Change.Upsert> upserts, Care care, Rejected rejected)
            throws SQLException {
        if (target.fresh() && care == Care.NONE) {
            return copyDirect(tx, target, upserts, rejected);
        }
        if (!canStage || (upserts.size() < STAGING_ROWS && care != Care.STAGED)) {
            return mergeArrays(tx, target, upserts, rejected);
        }
        return mergeStaged(tx, target, upserts, rejected);
    }

    private static RowCounts delete(Transaction tx, TableTarget target, TableChanges changes) throws SQLException {
        RowArrays arrays = new RowArrays(target.shape());
        long deleted = 0;
        target.mayMark();
        try {
            if (!changes.deletes().isEmpty()) {
                Object[] keys = arrays.ofKeys(tx, changes.deletes()).toArray();
                deleted += tx.update(target.deleteByKeys(), keys);
                if (deleted < changes.deletes().size()
                        && tx.first(target.anyOfKeys(), row -> true, keys).isPresent()) {
                    throw TableRefusal.ofSilentDelete(target.shape().name());
                }
            }
            if (!changes.replaced().isEmpty()) {
                List<Array> bound = new ArrayList<>(arrays.ofParents(tx, changes.replaced()));
                // also rows that come from another parent in this batch: they move
                bound.addAll(arrays.ofKeys(
                        tx, changes.upserts().stream().map(Change.Upsert::key).toList()));
                deleted += tx.update(target.deleteOtherChildren(), bound.toArray());
                if (target.keepsOtherChild(tx, bound)) {
                    throw TableRefusal.ofSilentDelete(target.shape().name());
                }
            }
            return target.deleted(deleted);
        } catch (SQLException e) {
            throw TableRefusal.ofDelete(target.shape().name(), e).orElseThrow(() -> e);
        }
    }

    private static RowCounts copyDirect(
            Transaction tx, TableTarget target, List<Change.Upsert> upserts, Rejected rejected) throws SQLException {
        try {
            long rows = new CopyRows(target.shape()).into(tx, target.copyDirect(), upserts, rejected);
            int offered = upserts.size() - rejected.entries().size();
            return RowCounts.merged(rows, 0).keepingOut(rows < offered);
        } catch (SQLException e) {
            if (NOT_STRAIGHT.contains(String.valueOf(e.getSQLState()))) {
                target.noLongerFresh();
                throw new NeedsCare(target.shape().name(), Care.STAGED);
            }
            throw e;
        }
    }

    private static RowCounts mergeArrays(
            Transaction tx, TableTarget target, List<Change.Upsert> upserts, Rejected rejected) throws SQLException {
        RowCounts counts = RowCounts.NONE;
        for (List<Change.Upsert> some : Pieces.of(upserts, STAGING_ROWS)) {
            RowArrays.Bound bound = new RowArrays(target.shape()).ofRecords(tx, some, rejected);
            counts = counts.plus(merge(
                    tx, target, target.countRevivedByArrays(), target.fromArrays(), bound.rows(), bound.arrays()));
        }
        return counts;
    }

    private static RowCounts mergeStaged(
            Transaction tx, TableTarget target, List<Change.Upsert> upserts, Rejected rejected) throws SQLException {
        createStage(tx, target);
        long staged =
                new CopyRows(target.shape(), target.stage().types()).into(tx, target.copyStage(), upserts, rejected);
        return merge(tx, target, target.countRevivedByStage(), target.fromStage(), Math.toIntExact(staged), List.of());
    }

    private static RowCounts merge(
            Transaction tx,
            TableTarget target,
            String countRevived,
            ApplyStatement statement,
            int offered,
            List<Array> arrays)
            throws SQLException {
        long marked = revived(tx, target, countRevived, arrays);
        RowCounts merged = statement.apply(tx, offered, arrays);
        long still = merged.keptOut() ? revived(tx, target, countRevived, arrays) : 0;
        return merged.plus(RowCounts.revived(marked - still));
    }

    /** Where temporary tables are not allowed any more, that is no matter of the table that is written. */
    private static void createStage(Transaction tx, TableTarget target) {
        try {
            tx.execute(target.stage().create());
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    /** Counted before the rows are merged: afterwards nobody knows which of them were marked as deleted. */
    private static long revived(Transaction tx, TableTarget target, String count, List<Array> arrays)
            throws SQLException {
        return target.mayHoldMarked()
                ? tx.first(count, row -> row.getLong(1), arrays.toArray()).orElseThrow()
                : 0;
    }
}
