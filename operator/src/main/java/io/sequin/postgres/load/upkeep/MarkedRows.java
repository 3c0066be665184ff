package io.sequin.postgres.load.upkeep;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.refusal.SweepGuard;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.PendingPurge;
import io.sequin.postgres.schema.RowGrowth;
import io.sequin.postgres.schema.TableDefinition;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows of one table that a soft delete marked and that nobody wants any more: purged once a person has confirmed it. */
final class MarkedRows {
    /** Rows that one transaction goes through. */
    static final int CHUNK = 10_000;
    /** It is not looked for longer whether there are any: of a large table that takes reading it all. */
    private static final int LOOK_MILLIS = 5_000;

    private static final String IS_MARKED = "t." + Identifier.quote(TableDefinition.DELETED_AT) + " is not null";

    private final String name;
    private final String table;
    private final TableRecords records;
    private final KeyOrder order;

    MarkedRows(String schema, TableShape shape, TableRecords records) {
        this.name = shape.name();
        this.table = Identifier.quote(schema, name);
        this.records = records;
        this.order = new KeyOrder(schema, shape);
    }

    /**
     * Whether there are any, and may go.
     *
     * @param record of the table, which says that there are
     * @param confirm the code that a person gave
     */
    TableStatus ask(Transactions transactions, Fence fence, TableRecord record, Optional<String> confirm) {
        return transactions.commit(Effect.ASK_PURGE, tx -> {
            TableStatus status = ask(tx, record, confirm);
            fence.check(tx);
            return status;
        });
    }

    private TableStatus ask(Transaction tx, TableRecord record, Optional<String> confirm) throws SQLException {
        Optional<PendingPurge> known = records.purge(tx, name);
        PendingPurge pending = known.orElseGet(() -> PendingPurge.of(newCode()));
        TableStatus status = TableStatus.of(record);
        if (pending.confirmed() || confirm.filter(pending.code()::equals).isPresent()) {
            records.purge(tx, name, Optional.of(pending.asConfirmed()));
            return status.with(List.of(), Upkeep.PURGE);
        }
        if (!mayBeThere(tx)) {
            return none(tx, record);
        }
        if (known.isEmpty()) {
            records.purge(tx, name, Optional.of(pending));
        }
        return status.with(List.of(unconfirmed(record, pending)), Upkeep.NONE);
    }

    /** Users may have deleted them by hand. */
    private boolean mayBeThere(Transaction tx) throws SQLException {
        Savepoint before = tx.connection().setSavepoint();
        try {
            tx.execute("set local statement_timeout = " + LOOK_MILLIS);
            return tx.first("select from only " + table + " t where " + IS_MARKED + " limit 1", row -> true)
                    .isPresent();
        } catch (SQLException e) {
            if (!SqlState.QUERY_CANCELED.equals(e.getSQLState())) {
                throw TableRefusal.ofTime(name, e).orElseThrow(() -> e);
            }
            return true;
        } finally {
            // takes the setting back, too
            tx.connection().rollback(before);
        }
    }

    /**
     * Goes through some rows of the table, and deletes those that are marked.
     *
     * @param most so many rows
     * @return how the table is now, and whether there are more
     */
    TableStatus some(LateChecks late, Fence fence, int most) {
        return late.commit(Effect.PURGE, List.of(new LateChecks.Written(name, false)), tx -> {
            Optional<PendingPurge> known = records.purge(tx, name);
            if (known.isEmpty()) {
                // an answer that was lost said that it is over
                return TableStatus.of(records.apply(tx, name, null, RowGrowth.NONE));
            }
            PendingPurge pending = known.get();
            List<String> end = order.end(tx, pending.after(), most);
            long gone = delete(tx, pending.after(), end);
            long kept = left(tx, pending.after(), end);
            TableStatus status = end.isEmpty()
                    ? last(tx, pending, gone, pending.kept() + kept)
                    : more(tx, pending.upTo(end, kept), gone);
            fence.check(tx);
            return status;
        });
    }

    /** The table as it is recorded. */
    TableStatus now(Transactions transactions) {
        return transactions.rollback(tx -> TableStatus.of(records.apply(tx, name, null, RowGrowth.NONE)));
    }

    private TableStatus more(Transaction tx, PendingPurge pending, long gone) throws SQLException {
        records.purge(tx, name, Optional.of(pending));
        return TableStatus.of(records.apply(tx, name, null, deleted(gone))).with(List.of(), Upkeep.PURGE);
    }

    private TableStatus last(Transaction tx, PendingPurge pending, long gone, long kept) throws SQLException {
        TableRecord record = records.apply(tx, name, null, deleted(gone));
        if (kept > 0) {
            records.purge(tx, name, Optional.of(pending.again()));
            Problem silent = TableRefusal.ofSilentDelete(name).problem();
            return TableStatus.of(record).with(List.of(silent), Upkeep.PURGE_REFUSED);
        }
        return none(tx, record);
    }

    private long delete(Transaction tx, List<String> after, List<String> end) throws SQLException {
        try {
            return tx.update(
                    "delete from only " + table + " t where " + IS_MARKED + " and " + order.within(after, end),
                    bound(after, end));
        } catch (SQLException e) {
            throw TableRefusal.ofDelete(name, e).orElseThrow(() -> e);
        }
    }

    private long left(Transaction tx, List<String> after, List<String> end) throws SQLException {
        String sql =
                "select count(*) from only " + table + " t where " + IS_MARKED + " and " + order.within(after, end);
        return TableRefusal.inTime(name, () -> tx.first(sql, row -> row.getLong(1), bound(after, end)))
                .orElseThrow();
    }

    private static Object[] bound(List<String> after, List<String> end) {
        List<Object> values = new ArrayList<>(after);
        values.addAll(end);
        return values.toArray();
    }

    private static RowGrowth deleted(long rows) {
        return new RowGrowth(rows > 0, 0, -rows, 0);
    }

    /** None is left, whatever was counted: users may have deleted some by hand. */
    private TableStatus none(Transaction tx, TableRecord record) throws SQLException {
        records.purge(tx, name, Optional.empty());
        return TableStatus.of(records.apply(tx, name, null, new RowGrowth(false, 0, -record.marked(), 0)));
    }

    private String newCode() {
        return new SweepGuard.Deletion(name, UUID.randomUUID().toString(), 0, 0).code();
    }

    private Problem unconfirmed(TableRecord record, PendingPurge pending) {
        String message =
                "Table " + name + ": " + record.marked() + " rows that were deleted while spec.deletes was Soft are"
                        + " still there. To have them deleted set spec.deleteGuard.confirm: " + pending.code()
                        + "; to keep them do nothing, or set spec.deletes to Soft";
        Instruction byHand = new Instruction(
                "Or delete the rows of " + table + " that are marked as deleted yourself",
                "the owner of the table, or a superuser",
                "delete from " + table + " where " + Identifier.quote(TableDefinition.DELETED_AT) + " is not null;");
        return new Problem(PostgresProblem.DELETES_NEED_CONFIRMATION, message, List.of(byHand), Optional.empty());
    }
}
