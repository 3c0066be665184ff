package io.sequin.postgres.load.table;

import io.sequin.data.Deletes;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.merge.ApplyStatement;
import io.sequin.postgres.load.merge.MergeParts;
import io.sequin.postgres.load.merge.RowCounts;
import io.sequin.postgres.load.merge.Stage;
import io.sequin.postgres.load.row.Rejected;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.Tables;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/**
 * A table that a session writes: its statements, and whether rows may still go straight into it. Statements are made each
 * time they are needed: kept, they are 10 kB for each table of each Sync, most of which write nothing most of the time.
 */
public final class TableTarget {
    private final String schema;
    private final RowShape shape;
    private final Deletes deletes;
    private final int majorVersion;
    private final String stage;
    private volatile boolean fresh;
    private volatile boolean mayHoldMarked;
    private volatile boolean mayHoldErrors;

    /**
     * @param stage name of the staging table, its own in the session
     * @param found what was made sure of
     */
    public TableTarget(
            String schema, RowShape shape, Deletes deletes, int majorVersion, String stage, Tables.Ensured found) {
        this.schema = schema;
        this.shape = shape;
        this.deletes = deletes;
        this.majorVersion = majorVersion;
        this.stage = stage;
        this.fresh = found.fresh();
        committed(TableStatus.of(found.record()));
    }

    /** Its columns. */
    public RowShape shape() {
        return shape;
    }

    Stage stage() {
        return new Stage(stage, shape);
    }

    private MergeParts parts() {
        return new MergeParts(schema, shape, deletes);
    }

    ApplyStatement fromArrays() {
        MergeParts parts = parts();
        return ApplyStatement.of(majorVersion, parts, parts.fromArrays());
    }

    ApplyStatement fromStage() {
        return ApplyStatement.of(majorVersion, parts(), stage().rows());
    }

    boolean fresh() {
        return fresh;
    }

    /** Rows go straight into it no more. */
    public void noLongerFresh() {
        fresh = false;
    }

    /** Whether rows marked as deleted may be in it. */
    boolean mayHoldMarked() {
        return mayHoldMarked;
    }

    /** Deletes begin; whether their transaction commits may never be known. */
    public void mayMark() {
        mayHoldMarked |= deletes == Deletes.SOFT;
    }

    /** This is what the database records of it. */
    public void committed(TableStatus status) {
        mayHoldMarked = status.marked() > 0;
        mayHoldErrors = status.errors() > 0;
    }

    /**
     * Sets records aside, and forgets those whose key the batch has applied or deleted.
     *
     * @return by how many they grew
     */
    RowCounts setAside(Transaction tx, TableChanges changes, Rejected rejected) throws SQLException {
        boolean had = mayHoldErrors;
        mayHoldErrors |= !rejected.entries().isEmpty();
        return mayHoldErrors ? RowCounts.setAside(quarantine().record(tx, changes, rejected, had)) : RowCounts.NONE;
    }

    /** Forgets the records set aside that a full pass has not met; returns by how many they grew. */
    public RowCounts forgetUnmet(Transaction tx) throws SQLException {
        return mayHoldErrors
                ? RowCounts.setAside(-quarantine().forgetUnmet(tx, shape.parent().length > 0))
                : RowCounts.NONE;
    }

    private Quarantine quarantine() {
        return new Quarantine(schema, shape);
    }

    String convert() {
        return parts().convert();
    }

    /** What so many deletes did: rows may only be marked. */
    public RowCounts deleted(long rows) {
        return RowCounts.deleted(rows, deletes);
    }

    String countRevivedByArrays() {
        MergeParts parts = parts();
        return parts.countRevived(parts.fromArrays());
    }

    String countRevivedByStage() {
        return parts().countRevived(stage().rows());
    }

    String deleteByKeys() {
        return parts().deleteByKeys();
    }

    String anyOfKeys() {
        return parts().anyOfKeys();
    }

    String deleteOtherChildren() {
        return parts().deleteOtherChildren();
    }

    /** Whether a row that {@link #deleteOtherChildren} should have deleted is still there. */
    boolean keepsOtherChild(Transaction tx, List<Array> bound) throws SQLException {
        return keeps(tx, parts().keptOtherChild(), bound);
    }

    /** Whether a row that {@link #deleteOfParents} should have deleted is still there. */
    public boolean keepsOfParents(Transaction tx, List<Array> bound) throws SQLException {
        return keeps(tx, parts().keptOfParents(), bound);
    }

    private boolean keeps(Transaction tx, String look, List<Array> bound) throws SQLException {
        return tx.first(look, row -> true, RowArrays.behind(parts().table(), bound))
                .isPresent();
    }

    /** Deletes the rows of bound parents, or marks them. */
    public String deleteOfParents() {
        return parts().deleteOfParents();
    }

    /** Deletes some rows that meet a condition, or marks them, and returns their keys; see {@link MergeParts#deleteSome}. */
    public String deleteSome(String from, String condition) {
        return parts().deleteSome(from, condition);
    }

    String copyDirect() {
        MergeParts parts = parts();
        return "copy " + parts.table() + " (" + parts.columns() + ") from stdin";
    }

    String copyStage() {
        return "copy " + stage().qualified() + " (" + parts().columns() + ") from stdin";
    }
}
