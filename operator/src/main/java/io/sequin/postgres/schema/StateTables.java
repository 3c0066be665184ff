package io.sequin.postgres.schema;

import io.sequin.postgres.Identifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tables in which a synced schema keeps its own state. Who names one in SQL quotes it each time: names that were kept
 * would be there once for each Sync.
 */
public final class StateTables {
    /** One row: owner, identity, fence token, event counter, format. */
    public static final String WRITER = "_sync_writer";
    /** One row a lane: how far it has come. */
    public static final String STATE = "_sync_state";
    /** One row a table of ours. */
    public static final String TABLE = "_sync_table";

    /** One row a record that could not be written as it is, with the reason. */
    public static final String ERROR = "_sync_error";
    /** One row a key that is to be fetched once its table is live. */
    public static final String DIRTY = "_sync_dirty";
    /**
     * One row a key that a full pass has met. Unlogged, since it is large and of no use after the pass: a crash of the
     * server empties it, so it counts only where it has as many rows as the pass has counted.
     */
    public static final String SEEN = "_sync_seen";

    /** The layout that this version writes and understands. What changes the layout has the next number. */
    static final int FORMAT = 3;

    /** All of them. */
    public static final List<String> ALL = List.of(WRITER, STATE, TABLE, ERROR, DIRTY, SEEN);

    private StateTables() {}

    static List<String> definitions(String schema) {
        List<String> all = new ArrayList<>(first(schema));
        all.addAll(second(schema));
        all.addAll(third(schema));
        return all;
    }

    /** What format 1 was made of. */
    private static List<String> first(String schema) {
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

    /** What leads from format 1 to format 2. */
    private static List<String> second(String schema) {
        return List.of(
                "alter table " + Identifier.quote(schema, WRITER) + " add column \"resync\" jsonb",
                "alter table " + Identifier.quote(schema, TABLE) + " add column \"errors\" bigint not null default 0",
                error(schema),
                "create table " + Identifier.quote(schema, DIRTY) + """
                 (
                  "table" text not null,
                  "key" text[] not null,
                  "deletion" boolean not null,
                  primary key ("table", "key")
                )""",
                seen(schema));
    }

    /** What leads from format 2 to format 3. Versions that wrote format 2 had some of it, each more than the one before. */
    private static List<String> third(String schema) {
        String more = " add column if not exists ";
        return List.of(
                "alter table " + Identifier.quote(schema, STATE) + more + "\"full_pass\" jsonb",
                "alter table " + Identifier.quote(schema, TABLE)
                        + String.join(
                                ",",
                                more + "\"marked\" bigint not null default 0",
                                more + "\"promotion\" jsonb",
                                more + "\"purge\" jsonb",
                                more + "\"floor\" timestamptz",
                                more + "\"file\" oid"),
                "alter table if exists " + Identifier.quote(schema, ERROR) + more + "\"parent\" text");
    }

    /**
     * Format 1, and what was made of it at first, kept keys whose delete was refused as the checkpoint of a lane of its own
     * for each table.
     */
    private static List<String> refusedDeletes(String schema) {
        String state = Identifier.quote(schema, STATE);
        String some = " where s.\"lane\" like 'refused-deletes:%'";
        return List.of(
                "insert into " + Identifier.quote(schema, DIRTY) + " (\"table\", \"key\", \"deletion\")"
                        + " select substr(s.\"lane\", length('refused-deletes:') + 1),"
                        + " array(select jsonb_array_elements_text(k.\"key\")), true"
                        + " from " + state + " s, jsonb_array_elements(s.\"checkpoint\") as k(\"key\")" + some
                        + " on conflict do nothing",
                "delete from " + state + " s" + some);
    }

    private static String error(String schema) {
        return "create table " + Identifier.quote(schema, ERROR) + """
                 (
                  "table" text not null,
                  "key" text[] not null,
                  "reason" text not null,
                  "message" text not null,
                  "record" bytea not null,
                  "parent" text,
                  "at" timestamptz not null default now(),
                  primary key ("table", "key")
                )""";
    }

    private static String seen(String schema) {
        return "create unlogged table " + Identifier.quote(schema, SEEN) + """
                 (
                  "table" text not null,
                  "key" text[] not null,
                  primary key ("table", "key")
                )""";
    }

    static void create(Transaction tx, String schema) throws SQLException {
        run(tx, definitions(schema));
        hide(tx, schema);
    }

    /**
     * Brings the state of an earlier format to this one; what it says of rows and lanes stays. To be called with the
     * writer's row locked, so that its earlier writer can't commit meanwhile, nor afterwards: the token changes with it.
     *
     * @param from the format it has; this version's own is left as it is
     */
    static void migrate(Transaction tx, String schema, int from) throws SQLException {
        if (from == FORMAT) {
            return;
        }
        if (from == 1) {
            run(tx, second(schema));
        }
        run(tx, third(schema));
        run(tx, refusedDeletes(schema));
        hide(tx, schema);
        tx.update("update " + Identifier.quote(schema, WRITER) + " set \"format\" = ?", FORMAT);
    }

    /** Makes anew what somebody dropped and what can be done without; the rest of the state can't be made up. */
    static void mend(Transaction tx, String schema) throws SQLException {
        Map<String, String> dispensable = Map.of(ERROR, error(schema), SEEN, seen(schema));
        for (Map.Entry<String, String> table : dispensable.entrySet()) {
            if (Relation.find(tx, schema, table.getKey()).isEmpty()) {
                tx.execute(table.getValue());
                hide(tx, schema, table.getKey());
                if (table.getKey().equals(ERROR)) {
                    tx.update("update " + Identifier.quote(schema, TABLE) + " set \"errors\" = 0 where \"errors\" > 0");
                }
            }
        }
    }

    /** Without these of a format's tables nobody knows how far a sync had come. */
    static List<String> progress(int format) {
        return format > 1 ? List.of(STATE, TABLE, DIRTY) : List.of(STATE, TABLE);
    }

    /** Whether a format records what became of requests to sync again. */
    static boolean hasResyncs(int format) {
        return format > 1;
    }

    private static void run(Transaction tx, List<String> statements) throws SQLException {
        for (String sql : statements) {
            tx.execute(sql);
        }
    }

    private static void hide(Transaction tx, String schema) throws SQLException {
        for (String table : ALL) {
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
