package io.sequin.postgres.load.refusal;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may keep us from writing a table of ours that somebody has altered.
 *
 * @param table with its schema, quoted
 * @param canUseSchema false: no table of it can be written
 * @param lacking rights of SELECT, INSERT, UPDATE and DELETE that we don't have
 * @param secured row-level security holds for us, though we own it
 * @param policies quoted names of its policies
 * @param rules quoted names of its rules
 * @param keyed a unique index can tell rows of our key apart
 * @param primaryKey quoted name of its primary key, of whatever columns; null where it has none
 * @param identity see {@code pg_class.relreplident}
 * @param keys quoted names of the columns of our key
 */
record TableAccess(
        String table,
        String user,
        String owner,
        boolean canUseSchema,
        List<String> lacking,
        boolean secured,
        List<String> policies,
        List<String> rules,
        boolean keyed,
        @Nullable String primaryKey,
        String identity,
        List<String> keys) {
    private static final String FACTS = """
            select current_user, pg_get_userbyid(c.relowner), has_schema_privilege(n.oid, 'USAGE'),
                   array(select r from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) r
                          where not has_table_privilege(c.oid, r)),
                   row_security_active(c.oid),
                   array(select p.polname::text from pg_policy p where p.polrelid = c.oid order by 1),
                   array(select w.rulename::text from pg_rewrite w where w.ev_class = c.oid order by 1),
                   exists (select from pg_index i
                            where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
                              and i.indpred is null and i.indexprs is null
                              and (select array_agg(a.attname::text) from pg_attribute a
                                    where a.attrelid = c.oid and a.attnum = any (i.indkey)) <@ ?::text[]
                              and i.indnatts = cardinality(?::text[])),
                   (select k.conname from pg_constraint k where k.conrelid = c.oid and k.contype = 'p'),
                   c.relreplident
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = ? and c.relname = ? and c.relkind = 'r'""";

    /** Reads it; empty where there is no such table. */
    static Optional<TableAccess> read(Transaction tx, String schema, String table, List<String> keys)
            throws SQLException {
        Array names = tx.connection().createArrayOf("text", keys.toArray());
        return tx.first(
                FACTS,
                row -> new TableAccess(
                        Identifier.quote(schema, table),
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        texts(row.getArray(4)),
                        row.getBoolean(5),
                        quoted(texts(row.getArray(6))),
                        quoted(texts(row.getArray(7))),
                        row.getBoolean(8),
                        row.getString(9) == null ? null : Identifier.quote(row.getString(9)),
                        row.getString(10),
                        quoted(keys)),
                names,
                names,
                schema,
                table);
    }

    private static List<String> quoted(List<String> names) {
        return names.stream().map(Identifier::quote).toList();
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /**
     * Why the server refuses to write the table, and what cures that; pure. Empty where none of this explains the code.
     *
     * @param state the SQLSTATE
     */
    Optional<Problem> explain(String state) {
        return switch (state) {
            case SqlState.INSUFFICIENT_PRIVILEGE -> lacking.isEmpty() ? security() : Optional.of(missing());
            case SqlState.INVALID_COLUMN_REFERENCE -> keyed ? Optional.empty() : Optional.of(unkeyed());
            case SqlState.NOT_IN_PREREQUISITE_STATE ->
                keyed && primaryKey != null ? unidentified() : Optional.of(unkeyed());
            case SqlState.FEATURE_NOT_SUPPORTED -> rules.isEmpty() ? Optional.empty() : Optional.of(ruled());
            default -> Optional.empty();
        };
    }

    private Problem missing() {
        String rights = String.join(", ", lacking);
        return problem(
                PostgresProblem.MISSING_GRANTS,
                "User " + user + " lacks " + rights + " on table " + table,
                "grant " + rights.toLowerCase(Locale.ROOT) + " on " + table + " to " + Identifier.quote(user) + ";");
    }

    /** Row-level security that holds for us; empty where none does. */
    Optional<Problem> security() {
        if (!secured) {
            return Optional.empty();
        }
        String by = policies.isEmpty() ? "without a policy" : "by " + policies(policies);
        return Optional.of(altered(
                "Row-level security of table " + table + ", " + by + ", refuses rows of the source; let its policies"
                        + " pass user " + user + " or",
                "alter table " + table + " no force row level security;"));
    }

    /**
     * The refused statement did not see the row that has its key, and nothing hides it now: what hid it was cured between
     * the refusal and this look, or another session has just written it.
     */
    Problem unseen() {
        return Problem.of(
                PostgresProblem.TABLE_ALTERED,
                "Primary key " + primaryKey + " of table " + table
                        + " refuses a row of the source as a double of one that"
                        + " could not be seen: a policy hid it until a moment ago, or another session or a trigger wrote"
                        + " it. The changes of the table are kept and tried again, and no other table waits");
    }

    private static String policies(List<String> names) {
        return (names.size() == 1 ? "policy " : "policies ") + String.join(", ", names);
    }

    private Problem unkeyed() {
        String columns = String.join(", ", keys);
        String dropped = primaryKey == null ? "" : " drop constraint " + primaryKey + ",";
        return altered(
                "Table " + table + " has no primary key on (" + columns + ") by which its rows can be told apart any"
                        + " more",
                "alter table " + table + dropped + " add primary key (" + columns + ");");
    }

    private Optional<Problem> unidentified() {
        boolean usual = identity.equals("d") || identity.equals("f");
        return usual
                ? Optional.empty()
                : Optional.of(altered(
                        "Table " + table + " is published and has no replica identity, so no row of it can be changed",
                        "alter table " + table + " replica identity default;"));
    }

    private Problem ruled() {
        return altered(
                "Table " + table + " has a rule, with which no row can be merged into it",
                rules.stream()
                        .map(rule -> "drop rule " + rule + " on " + table + ";")
                        .collect(Collectors.joining(" ")));
    }

    private Problem altered(String message, String sql) {
        return problem(PostgresProblem.TABLE_ALTERED, message, sql);
    }

    private Problem problem(PostgresProblem code, String message, String sql) {
        String whose = "the owner of the table (" + owner + "), or a superuser";
        String text = message + (message.endsWith(" or") ? " run " : ": run ") + sql
                + " Its changes are kept until then, and no other table waits";
        return new Problem(
                code,
                text,
                List.of(new Instruction("Let table " + table + " be written", whose, sql)),
                Optional.empty());
    }
}
