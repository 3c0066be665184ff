package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Foreign keys of a user's own between synced tables by which the server deletes or changes rows that are there at the
 * source: it does so in silence, and nothing of ours writes them again until they change.
 */
final class CascadingKeys {
    private final String schema;

    CascadingKeys(String schema) {
        this.schema = schema;
    }

    /**
     * One of them.
     *
     * @param table that has it, quoted
     */
    private record Key(String table, String name, String owner) {
        String sql() {
            return "alter table " + table + " drop constraint " + name + ";";
        }

        Instruction cure() {
            return new Instruction("Keep rows of table " + table, owner + ", or a superuser", sql());
        }
    }

    /** What a person should do about those that refer to a table; empty where there are none. */
    Optional<Problem> of(Transaction tx, String table, Relation relation) throws SQLException {
        List<Key> keys = tx.list(
                "select r.relname, c.conname, pg_get_userbyid(r.relowner) from pg_constraint c"
                        + " join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace"
                        + " join " + Identifier.quote(schema, StateTables.TABLE)
                        + " t on t.\"name\" = r.relname where c.contype = 'f'"
                        + " and c.confrelid = ?::oid and n.nspname = ? and c.confdeltype in ('c', 'n', 'd') order by 1, 2",
                row -> new Key(
                        Identifier.quote(schema, row.getString(1)),
                        Identifier.quote(row.getString(2)),
                        row.getString(3)),
                relation.oid(),
                schema);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        String message = "A row of table " + Identifier.quote(schema, table) + " that goes takes rows of other synced"
                + " tables along, or changes them, though they are there at the source: run "
                + keys.stream().map(Key::sql).collect(Collectors.joining(" "))
                + " Then set spec.resync.token to a new value to have back what is missing";
        return Optional.of(new Problem(
                PostgresProblem.DELETES_CASCADE,
                message,
                keys.stream().map(Key::cure).toList(),
                Optional.empty()));
    }
}
