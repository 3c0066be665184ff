package io.sequin.postgres.load;

import io.sequin.data.Deletes;
import io.sequin.postgres.schema.Tables;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;

/** A table that a session writes: its statements, made once, and whether rows may still go straight into it. */
final class TableTarget {
    private final RowShape shape;
    private final Stage stage;
    private final MergeParts parts;
    private final ApplyStatement fromArrays;
    private final ApplyStatement fromStage;
    private volatile boolean fresh;
    private final Quarantine quarantine;
    private volatile boolean mayHoldMarked;
    private volatile boolean mayHoldErrors;

    /**
     * @param stage name of the staging table, its own in the session
     * @param found what was made sure of
     */
    TableTarget(String schema, RowShape shape, Deletes deletes, int majorVersion, String stage, Tables.Ensured found) {
        this.shape = shape;
        this.stage = new Stage(stage, shape);
        this.parts = new MergeParts(schema, shape, deletes);
        this.fromArrays = ApplyStatement.of(majorVersion, parts, parts.fromArrays());
        this.fromStage = ApplyStatement.of(majorVersion, parts, this.stage.rows());
        this.fresh = found.fresh();
        this.quarantine = new Quarantine(schema, shape);
        committed(TableStatus.of(found.record()));
    }

    RowShape shape() {
        return shape;
    }

    Stage stage() {
        return stage;
    }

    ApplyStatement fromArrays() {
        return fromArrays;
    }

    ApplyStatement fromStage() {
        return fromStage;
    }

    boolean fresh() {
        return fresh;
    }

    void noLongerFresh() {
        fresh = false;
    }

    /** Whether rows marked as deleted may be in it. */
    boolean mayHoldMarked() {
        return mayHoldMarked;
    }

    /** Deletes begin; whether their transaction commits may never be known. */
    void mayMark() {
        mayHoldMarked |= parts.marks();
    }

    /** This is what the database records of it. */
    void committed(TableStatus status) {
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
        return mayHoldErrors ? RowCounts.setAside(quarantine.record(tx, changes, rejected, had)) : RowCounts.NONE;
    }

    /** Forgets the records set aside that a full pass has not met; returns by how many they grew. */
    RowCounts forgetUnmet(Transaction tx) throws SQLException {
        return mayHoldErrors
                ? RowCounts.setAside(-quarantine.forgetUnmet(tx, shape.parent().length > 0))
                : RowCounts.NONE;
    }

    String convert() {
        return parts.convert();
    }

    RowCounts deleted(long rows) {
        return parts.deleted(rows);
    }

    String countRevivedByArrays() {
        return parts.countRevived(parts.fromArrays());
    }

    String countRevivedByStage() {
        return parts.countRevived(stage.rows());
    }

    String deleteByKeys() {
        return parts.deleteByKeys();
    }

    String anyOfKeys() {
        return parts.anyOfKeys();
    }

    String deleteOtherChildren() {
        return parts.deleteOtherChildren();
    }

    String deleteOfParents() {
        return parts.deleteOfParents();
    }

    String deleteSome(String condition) {
        return parts.deleteSome(condition);
    }

    String countLive(String condition) {
        return parts.countLive(condition);
    }

    String copyDirect() {
        return "copy " + parts.table() + " (" + parts.columns() + ") from stdin";
    }

    String copyStage() {
        return "copy " + stage.qualified() + " (" + parts.columns() + ") from stdin";
    }
}
