package io.sequin.postgres.schema;

import io.sequin.postgres.Identifier;
import java.sql.SQLException;
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

    private final String schema;
    private final TableRecords records;
    private final RowCount count;

    /** @param count a table that it does not count is taken for whole: what was written since it was emptied is little */
    RowsGone(String schema, TableRecords records, RowCount count) {
        this.schema = schema;
        this.records = records;
        this.count = count;
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
        Optional<RowGrowth> lost = count.of(tx, table, existing.containsKey(TableDefinition.DELETED_AT))
                .map(there -> new RowGrowth(true, all.rows() + there.rows(), all.marked() + there.marked(), 0))
                .filter(growth -> growth.rows() + growth.marked() < 0);
        lost.ifPresent(growth -> LOG.warn(
                "{} lacks {} of its {} rows since somebody emptied or restored it: it is filled anew",
                table,
                -growth.rows() - growth.marked(),
                record.rows() + record.marked()));
        return lost;
    }
}
