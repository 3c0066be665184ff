package io.sequin.postgres.schema;

import io.sequin.postgres.Identifier;
import java.sql.SQLException;
import java.util.List;

/** The tables in which a synced schema keeps its own state. */
public final class StateTables {
    /** One row: owner, identity, fence token, event counter, format. */
    public static final String WRITER = "_sync_writer";
    /** One row a lane: how far it has come. */
    public static final String STATE = "_sync_state";
    /** One row a table of ours. */
    public static final String TABLE = "_sync_table";

    /** The layout that this version writes and understands. */
    static final int FORMAT = 1;

    private StateTables() {}

    static List<String> definitions(String schema) {
        return List.of(
                "create table " + Identifier.quote(schema, WRITER) + """
                 (
                  "one" boolean primary key default true check ("one"),
                  "format" integer not null,
                  "owner" jsonb not null,
                  "storage_id" uuid not null,
                  "token" uuid not null,
                  "next_event" bigint not null default 1
                )""",
                "create table " + Identifier.quote(schema, STATE) + """
                 (
                  "lane" text primary key,
                  "seq" bigint not null,
                  "checkpoint" jsonb not null,
                  "seen" bigint not null default 0,
                  "pass" bigint not null default 0,
                  "updated_at" timestamptz not null default now()
                )""",
                "create table " + Identifier.quote(schema, TABLE) + """
                 (
                  "name" text primary key,
                  "columns" jsonb not null,
                  "phase" text not null,
                  "rows" bigint not null default 0,
                  "last_change" timestamptz
                )""");
    }

    static void create(Transaction tx, String schema) throws SQLException {
        for (String sql : definitions(schema)) {
            tx.execute(sql);
        }
        for (String table : List.of(WRITER, STATE, TABLE)) {
            hide(tx, schema, table);
        }
    }

    /** Takes back what default privileges gave to others. */
    private static void hide(Transaction tx, String schema, String table) throws SQLException {
        List<String> others = tx.list("""
                select distinct coalesce(r.rolname, '') from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace
                  cross join lateral aclexplode(c.relacl) a
                  left join pg_roles r on r.oid = a.grantee
                 where n.nspname = ? and c.relname = ? and a.grantee <> c.relowner""", row -> row.getString(1), schema, table);
        for (String other : others) {
            String grantee = other.isEmpty() ? "public" : Identifier.quote(other);
            tx.execute("revoke all on table " + Identifier.quote(schema, table) + " from " + grantee);
        }
    }
}
