package io.sequin.postgres.schema;

import io.sequin.postgres.Identifier;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Counts the rows of a table, where that does not take long. */
public final class RowCount {
    /** A larger table's is not worth the wait. */
    private static final int MILLIS = 10_000;

    /** No longer than others may wait for a lock, since what the table's record is locked for waits meanwhile. */
    private static final int LOCKED_MILLIS = 5_000;

    private final int most;

    /** @param most longest that counting may take, in milliseconds */
    RowCount(int most) {
        this.most = most;
    }

    /** Where nobody waits. */
    static RowCount usual() {
        return new RowCount(MILLIS);
    }

    /** By how much what is recorded of a table is to grow to be right: rows of ours that people add or delete are not counted. */
    public static RowGrowth correction(Transaction tx, String schema, String name) throws SQLException {
        Optional<TableRecord> record = new TableRecords(schema).lock(tx, name);
        String table = Identifier.quote(schema, name);
        // with the record locked no batch commits rows that the count lacks
        Optional<Boolean> marks = tx.first(
                "select exists (select from pg_attribute where attrelid = ?::text::regclass and attname = ? and not"
                        + " attisdropped) where not row_security_active(?::text::regclass)",
                row -> row.getBoolean(1),
                table,
                TableDefinition.DELETED_AT,
                table);
        if (record.isEmpty() || marks.isEmpty()) {
            return RowGrowth.NONE;
        }
        return new RowCount(LOCKED_MILLIS)
                .of(tx, table, marks.get())
                .map(there -> new RowGrowth(
                        false,
                        there.rows() - record.get().rows(),
                        there.marked() - record.get().marked(),
                        0))
                .orElse(RowGrowth.NONE);
    }

    /**
     * What is there; empty where that takes too long to say.
     *
     * @param table quoted
     * @param marks whether it has the column of rows marked as deleted
     */
    Optional<RowGrowth> of(Transaction tx, String table, boolean marks) throws SQLException {
        String live = marks
                ? "count(*) filter (where " + Identifier.quote(TableDefinition.DELETED_AT) + " is null)"
                : "count(*)";
        return tx.attempt(
                "statement_timeout",
                most,
                Set.of(SqlState.QUERY_CANCELED),
                why -> {},
                () -> tx.first(
                                "select " + live + ", count(*) from only " + table,
                                row -> new RowGrowth(false, row.getLong(1), row.getLong(2) - row.getLong(1), 0))
                        .orElseThrow());
    }
}
