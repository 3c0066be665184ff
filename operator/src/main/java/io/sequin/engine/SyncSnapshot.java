package io.sequin.engine;

import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a Sync's loop knows of itself.
 *
 * @param tables in the catalog's order; empty before the source has answered
 * @param retainedTables tables that were filled once and are not selected any more: kept as they are, in name order
 * @param resync how far a re-sync is; empty before the schema is taken
 * @param removal how far the removal of the data is; empty where none is asked for
 */
public record SyncSnapshot(
        Troubles troubles,
        Reached reached,
        List<TableProgress> tables,
        List<String> retainedTables,
        Pace pace,
        Optional<ResyncProgress> resync,
        Optional<Removal> removal) {
    /** Of a loop that has found out nothing. */
    public static final SyncSnapshot NOTHING_KNOWN = removing(Optional.empty());

    public SyncSnapshot {
        tables = List.copyOf(tables);
        retainedTables = List.copyOf(retainedTables);
    }

    /** Of a loop that removes no data and knows of no re-sync. */
    public SyncSnapshot(
            Troubles troubles, Reached reached, List<TableProgress> tables, List<String> retainedTables, Pace pace) {
        this(troubles, reached, tables, retainedTables, pace, Optional.empty(), Optional.empty());
    }

    /** Of a loop that removes data and knows nothing else. */
    public static SyncSnapshot removing(Removal removal) {
        return removing(Optional.of(removal));
    }

    private static SyncSnapshot removing(Optional<Removal> removal) {
        return new SyncSnapshot(
                Troubles.NONE, Reached.NOTHING, List.of(), List.of(), Pace.NONE, Optional.empty(), removal);
    }

    /** The tables that count: those of products that the account does not have are neither failing nor missing. */
    public List<TableProgress> offered() {
        return tables.stream().filter(t -> t.state() != TableState.NOT_OFFERED).toList();
    }

    /**
     * The same without what only counts on: two snapshots with equal material need no reconcile at once. Rows and the
     * time of the last change wait for the usual one; the rest of what is left out is for metrics.
     */
    public SyncSnapshot material() {
        return new SyncSnapshot(
                troubles,
                reached,
                tables.stream().map(TableProgress::material).toList(),
                retainedTables,
                pace.material(),
                resync,
                removal);
    }

    /** The same with every problem of the whole, and of tables that fail, in other words. */
    public SyncSnapshot map(UnaryOperator<Problem> words) {
        return new SyncSnapshot(
                troubles.map(words),
                reached,
                tables.stream().map(table -> table.map(words)).toList(),
                retainedTables,
                pace,
                resync,
                removal);
    }

    /** {@link Troubles#destination()}. */
    public Optional<Problem> destination() {
        return troubles.destination();
    }

    /** {@link Troubles#source()}. */
    public Optional<Problem> source() {
        return troubles.source();
    }

    /** {@link Troubles#schema()}. */
    public Optional<Problem> schema() {
        return troubles.schema();
    }

    /** {@link Reached#source()}. */
    public boolean sourceReached() {
        return reached.source();
    }

    /** {@link Reached#schema()}. */
    public boolean schemaTaken() {
        return reached.schema();
    }

    /** {@link Reached#committed()}. */
    public boolean committed() {
        return reached.committed();
    }

    /** {@link Reached#account()}. */
    public Optional<AccountId> account() {
        return reached.account();
    }

    /** {@link Reached#storageId()}. */
    public Optional<String> storageId() {
        return reached.storageId();
    }

    /** {@link Pace#lastChange()}. */
    public Optional<Instant> lastChange() {
        return pace.lastChange();
    }

    /** {@link Pace#caughtUp()}. */
    public Optional<Instant> caughtUp() {
        return pace.caughtUp();
    }

    /** {@link Pace#rowsWritten()}. */
    public long rowsWritten() {
        return pace.rowsWritten();
    }

    /** {@link Pace#lastSuccess()}. */
    public Optional<Instant> lastSuccess() {
        return pace.lastSuccess();
    }
}
