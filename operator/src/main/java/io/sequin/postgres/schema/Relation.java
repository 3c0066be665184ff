package io.sequin.postgres.schema;

import java.sql.Array;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A relation as the server has it.
 *
 * @param kind {@code r} for an ordinary table, see {@code pg_class.relkind}
 * @param owner the role that owns it
 * @param ours we have that role's rights
 * @param hasPrimaryKey an ordinary table with one
 * @param unlogged its rows do not survive a crash
 * @param bare it has no page, as TRUNCATE leaves it, and a crash where it is unlogged (PostgreSQL manual, CREATE TABLE); to look
 *     for a row would read all pages where none is alive
 * @param indexed columns by whose values all rows are quick to find
 * @param blurred columns with a collation for which different texts may be equal (12 and later: nondeterministic)
 */
record Relation(
        long oid,
        String kind,
        String owner,
        boolean ours,
        boolean hasPrimaryKey,
        boolean unlogged,
        boolean bare,
        Set<String> indexed,
        Set<String> blurred) {
    Relation {
        indexed = Set.copyOf(indexed);
        blurred = Set.copyOf(blurred);
    }

    static Optional<Relation> find(Transaction tx, String schema, String name) throws SQLException {
        return tx.first(
                """
                select c.oid, c.relkind, pg_get_userbyid(c.relowner), pg_has_role(current_user, c.relowner, 'USAGE'),
                       exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary),
                       c.relpersistence = 'u', pg_relation_size(c.oid) = 0,
                       array(select a.attname::text
                               from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
                               join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                              where i.indrelid = c.oid and m.amname in ('btree', 'hash')
                                and i.indisvalid and i.indpred is null),
                       array(select a.attname::text
                               from pg_attribute a join pg_collation l on l.oid = a.attcollation
                              where a.attrelid = c.oid and to_jsonb(l)->>'collisdeterministic' = 'false')
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = ? and c.relname = ?""",
                row -> new Relation(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        texts(row.getArray(8)),
                        texts(row.getArray(9))),
                schema,
                name);
    }

    private static Set<String> texts(Array array) throws SQLException {
        return new HashSet<>(List.of((String[]) array.getArray()));
    }

    /**
     * What keeps a column's type as it is, such as {@code view reporting.mrr} or a policy: in name order, without indexes
     * and constraints, which follow the type, and the column's own default.
     */
    List<String> dependents(Transaction tx, String column) throws SQLException {
        return tx.list("""
                        select distinct case when r.oid is null then pg_describe_object(d.classid, d.objid, d.objsubid)
                                             else pg_describe_object('pg_class'::regclass, r.ev_class, 0) end
                          from pg_depend d
                          join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                          left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
                          left join pg_class i on d.classid = 'pg_class'::regclass and i.oid = d.objid
                          left join pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
                         where d.refclassid = 'pg_class'::regclass and d.refobjid = ?::oid and a.attname = ?
                           and d.classid <> 'pg_constraint'::regclass and coalesce(i.relkind, 'v') not in ('i', 'I')
                           and (f.oid is null or f.adnum <> a.attnum) order by 1""", row -> row.getString(1), oid, column);
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
