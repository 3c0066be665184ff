package io.sequin.postgres.load;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.RowGrowth;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.TableDefinition;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of one table that a soft delete marked and that nobody wants any more: purged once a person has confirmed it. */
final class MarkedRows {
    /** Rows that one transaction deletes. */
    static final int CHUNK = 10_000;

    private final String schema;
    private final String name;
    private final String table;
    private final TableRecords records;

    MarkedRows(String schema, String name, TableRecords records) {
        this.schema = schema;
        this.name = name;
        this.table = Identifier.quote(schema, name);
        this.records = records;
    }

    /**
     * What there is.
     *
     * @param rows their number
     * @param code confirms that just these go: it is made of the newest mark, which stays until the last row goes, and
     *     another time of soft deletes has another one
     */
    private record Found(long rows, String code) {}

    /**
     * Deletes them where that is confirmed, some rows a transaction.
     *
     * @param confirm the code that a person gave
     * @return why there are some left; empty where there are none
     */
    Optional<Problem> purge(Transactions transactions, Fence fence, Optional<String> confirm) {
        Found found = transactions.commit(Effect.PURGE, tx -> {
            Found now = find(tx);
            fence.check(tx);
            return now;
        });
        if (found.rows() == 0) {
            return Optional.empty();
        }
        if (confirm.filter(found.code()::equals).isEmpty()) {
            return Optional.of(unconfirmed(found));
        }
        try {
            boolean more = true;
            while (more) {
                more = transactions.commit(Effect.PURGE, tx -> some(tx, fence));
            }
            return Optional.empty();
        } catch (TableException e) {
            // a constraint of the user's keeps them: the table goes on
            return Optional.of(e.problem());
        }
    }

    /** Counted anew, since users may delete them by hand. */
    private Found find(Transaction tx) throws SQLException {
        String storage = tx.first(
                        "select \"storage_id\"::text from " + Identifier.quote(schema, StateTables.WRITER),
                        row -> row.getString(1))
                .orElse("");
        String marked = Identifier.quote(TableDefinition.DELETED_AT);
        Found found = tx.first(
                        "select count(*), extract(epoch from max(" + marked + "))::text from " + table + " where "
                                + marked + " is not null",
                        row -> {
                            String pass = storage + "/purge/" + row.getString(2);
                            return new Found(row.getLong(1), new SweepGuard.Deletion(name, pass, 0, 0).code());
                        })
                .orElseThrow();
        TableRecord record = records.apply(tx, name, null, RowGrowth.NONE);
        records.apply(tx, name, null, new RowGrowth(false, 0, found.rows() - record.marked(), 0));
        return found;
    }

    /** Oldest marks first. */
    private boolean some(Transaction tx, Fence fence) throws SQLException {
        String marked = Identifier.quote(TableDefinition.DELETED_AT);
        try {
            int gone = tx.update(
                    "delete from " + table + " where ctid = any (array(select ctid from " + table + " where " + marked
                            + " is not null order by " + marked + " limit ?))",
                    CHUNK);
            records.apply(tx, name, null, new RowGrowth(gone > 0, 0, -gone, 0));
            fence.check(tx);
            return gone == CHUNK;
        } catch (SQLException e) {
            if (TableRefusal.isOne(e)) {
                throw TableRefusal.ofDelete(name, e);
            }
            throw e;
        }
    }

    private Problem unconfirmed(Found found) {
        String message =
                "Table " + name + ": " + found.rows() + " rows that were deleted while spec.deletes was Soft are"
                        + " still there. To have them deleted set spec.deleteGuard.confirm: " + found.code()
                        + "; to keep them do nothing, or set spec.deletes to Soft";
        Instruction byHand = new Instruction(
                "Or delete the rows of " + table + " that are marked as deleted yourself",
                "the owner of the table, or a superuser",
                "delete from " + table + " where " + Identifier.quote(TableDefinition.DELETED_AT) + " is not null;");
        return new Problem(PostgresProblem.DELETES_NEED_CONFIRMATION, message, List.of(byHand), Optional.empty());
    }
}
