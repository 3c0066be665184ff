package io.sequin.postgres.schema;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A relation as the server has it.
 *
 * @param kind {@code r} for an ordinary table, see {@code pg_class.relkind}
 * @param owner the role that owns it
 * @param ours we have that role's rights
 * @param hasPrimaryKey an ordinary table with one
 */
record Relation(long oid, String kind, String owner, boolean ours, boolean hasPrimaryKey) {
    static Optional<Relation> find(Transaction tx, String schema, String name) throws SQLException {
        return tx.first(
                """
                select c.oid, c.relkind, pg_get_userbyid(c.relowner), pg_has_role(current_user, c.relowner, 'USAGE'),
                       exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = ? and c.relname = ?""",
                row -> new Relation(
                        row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getBoolean(5)),
                schema,
                name);
    }

    /** Whether all rows with a value in this column are quick to find. */
    boolean isIndexedBy(Transaction tx, String column) throws SQLException {
        return tx.first("""
                        select 1 from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
                          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                         where i.indrelid = ?::oid and a.attname = ? and m.amname in ('btree', 'hash')
                           and i.indisvalid and i.indpred is null""", row -> true, oid, column).isPresent();
    }

    /** Its columns: name to type, as the server prints it. */
    Map<String, String> columns(Transaction tx) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        tx.list("""
                        select attname, format_type(atttypid, atttypmod) from pg_attribute
                         where attrelid = ?::oid and attnum > 0 and not attisdropped order by attnum""", row -> Map.entry(row.getString(1), row.getString(2)), oid)
                .forEach(column -> columns.put(column.getKey(), column.getValue()));
        return columns;
    }
}
