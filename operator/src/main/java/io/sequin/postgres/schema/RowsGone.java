package io.sequin.postgres.schema;

import io.sequin.postgres.Identifier;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what others took of a table as a whole: by {@code TRUNCATE}, a crash where it is unlogged, a restore. None of them
 * leaves it the file it had, while a write and a delete do; so only where the file is another one, as after {@code VACUUM
 * FULL} or a change of a type too, its rows are counted.
 */
final class RowsGone {
    private static final Logger LOG = LoggerFactory.getLogger(RowsGone.class);

    /** A table that takes longer to count is taken for whole: what was written since somebody emptied it is little. */
    static final int COUNT_MILLIS = 10_000;

    private final String schema;
    private final TableRecords records;
    private final int countMillis;

    /** @param countMillis longest that counting may take */
    RowsGone(String schema, TableRecords records, int countMillis) {
        this.schema = schema;
        this.records = records;
        this.countMillis = countMillis;
    }

    /**
     * By how much it has shrunk; empty where it has not, as far as is known.
     *
     * @param existing its columns by name
     */
    Optional<RowGrowth> find(Transaction tx, TableRecord record, Relation relation, Map<String, String> existing)
            throws SQLException {
        if (record.rows() + record.marked() == 0) {
            return Optional.empty();
        }
        RowGrowth all = new RowGrowth(true, -record.rows(), -record.marked(), 0);
        if (relation.bare()) {
            return Optional.of(all);
        }
        if (!records.isMoved(tx, record.name(), relation)) {
            return Optional.empty();
        }
        String table = Identifier.quote(schema, record.name());
        Optional<RowGrowth> lost = count(tx, table, existing.containsKey(TableDefinition.DELETED_AT))
                .map(there -> new RowGrowth(true, all.rows() + there.rows(), all.marked() + there.marked(), 0))
                .filter(growth -> growth.rows() + growth.marked() < 0);
        lost.ifPresent(growth -> LOG.warn(
                "{} lacks {} of its {} rows since somebody emptied or restored it: it is filled anew",
                table,
                -growth.rows() - growth.marked(),
                record.rows() + record.marked()));
        return lost;
    }

    /** What is there; empty where that takes too long to say. */
    private Optional<RowGrowth> count(Transaction tx, String table, boolean marks) throws SQLException {
        String live = marks
                ? "count(*) filter (where " + Identifier.quote(TableDefinition.DELETED_AT) + " is null)"
                : "count(*)";
        String limit = tx.first("select current_setting('statement_timeout')", row -> row.getString(1))
                .orElseThrow();
        Savepoint before = tx.connection().setSavepoint();
        try {
            tx.first(
                    "select set_config('statement_timeout', ?, true) from pg_settings where name = 'statement_timeout'"
                            + " and setting::bigint not between 1 and ?",
                    row -> true,
                    Integer.toString(countMillis),
                    countMillis);
            Optional<RowGrowth> there = tx.first(
                    "select " + live + ", count(*) from only " + table,
                    row -> new RowGrowth(false, row.getLong(1), row.getLong(2) - row.getLong(1), 0));
            tx.first("select set_config('statement_timeout', ?, true)", row -> true, limit);
            return there;
        } catch (SQLException e) {
            if (!SqlState.QUERY_CANCELED.equals(e.getSQLState())) {
                throw e;
            }
            // takes the setting back, too
            tx.connection().rollback(before);
            return Optional.empty();
        }
    }
}
