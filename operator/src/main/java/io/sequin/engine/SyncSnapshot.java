package io.sequin.engine;

import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a Sync's loop knows of itself.
 *
 * @param destination trouble with the connection
 * @param source trouble with the source as a whole
 * @param sourceReached the source has answered since the loop began
 * @param schema trouble with the schema: claim, grants, tables
 * @param schemaTaken the claim is ours and the tables exist
 * @param account the source account, once known
 * @param storageId identity of the data set, once taken
 * @param committed at least one batch of this data set is committed
 * @param tables in the catalog's order; empty before the source has answered
 * @param retainedTables tables that were filled once and are not selected any more: kept as they are, in name order
 * @param lastChange last commit that changed a row
 * @param caughtUp source time up to which everything is applied, of the lane that is furthest behind: its last completed
 *     poll, and as much later as that lane may rest between polls, so it may lie ahead; lag is now less this, or none
 * @param rowsWritten rows changed since the loop began; for rates
 * @param lastSuccess by this process's clock: the last batch that was committed, or poll that found its end
 * @param resync how far a re-sync is; empty before the schema is taken
 * @param removal how far the removal of the data is; empty where none is asked for
 */
public record SyncSnapshot(
        Optional<Problem> destination,
        Optional<Problem> source,
        boolean sourceReached,
        Optional<Problem> schema,
        boolean schemaTaken,
        Optional<AccountId> account,
        Optional<String> storageId,
        boolean committed,
        List<TableProgress> tables,
        List<String> retainedTables,
        Optional<Instant> lastChange,
        Optional<Instant> caughtUp,
        long rowsWritten,
        Optional<Instant> lastSuccess,
        Optional<ResyncProgress> resync,
        Optional<Removal> removal) {
    /** Of a loop that has found out nothing. */
    public static final SyncSnapshot NOTHING_KNOWN = removing(Optional.empty());

    public SyncSnapshot {
        tables = List.copyOf(tables);
        retainedTables = List.copyOf(retainedTables);
    }

    /** The tables that count: those of products that the account does not have are neither failing nor missing. */
    public List<TableProgress> offered() {
        return tables.stream().filter(t -> t.state() != TableState.NOT_OFFERED).toList();
    }

    /** Of a loop that removes no data and knows of no re-sync. */
    public SyncSnapshot(
            Optional<Problem> destination,
            Optional<Problem> source,
            boolean sourceReached,
            Optional<Problem> schema,
            boolean schemaTaken,
            Optional<AccountId> account,
            Optional<String> storageId,
            boolean committed,
            List<TableProgress> tables,
            List<String> retainedTables,
            Optional<Instant> lastChange,
            Optional<Instant> caughtUp,
            long rowsWritten,
            Optional<Instant> lastSuccess) {
        this(
                destination,
                source,
                sourceReached,
                schema,
                schemaTaken,
                account,
                storageId,
                committed,
                tables,
                retainedTables,
                lastChange,
                caughtUp,
                rowsWritten,
                lastSuccess,
                Optional.empty(),
                Optional.empty());
    }

    /** Of a loop that removes data and knows nothing else. */
    public static SyncSnapshot removing(Removal removal) {
        return removing(Optional.of(removal));
    }

    private static SyncSnapshot removing(Optional<Removal> removal) {
        return new SyncSnapshot(
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                removal);
    }

    /**
     * The same without what only counts on: two snapshots with equal material need no reconcile at once. Rows and the
     * time of the last change wait for the usual one; the rest of what is left out is for metrics. Of {@code caughtUp}
     * only whether it is known stays.
     */
    public SyncSnapshot material() {
        return new SyncSnapshot(
                destination,
                source,
                sourceReached,
                schema,
                schemaTaken,
                account,
                storageId,
                committed,
                tables.stream().map(TableProgress::material).toList(),
                retainedTables,
                Optional.empty(),
                caughtUp.map(time -> Instant.EPOCH),
                0,
                Optional.empty(),
                resync,
                removal);
    }
}
