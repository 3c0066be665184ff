package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.postgres.Identifier;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a person drops what the operator could not. No {@code CASCADE} either. */
public final class LeftBehind {
    private static final String RUN_AS = "the user of the Destination's credentials, or a superuser";

    private LeftBehind() {}

    /**
     * Drops all that our state records, our state, and then the schema; stops where something depends on a table, or
     * something else is in the schema, such as a table that another role made under the name of ours, or took over. Drops
     * nothing where another Sync holds the schema by then. Can be written without
     * asking the database. Valid on Postgres 10 to 18.
     *
     * @param uid of the Sync whose data it is
     */
    public static Instruction everything(String schema, String uid) {
        // the row stays locked, so that nobody takes the schema between the question and the drop
        String body = " declare t text; begin perform 1 from " + Identifier.quote(schema, StateTables.WRITER)
                + " where owner->>'uid' = " + literal(uid) + " for update; if not found then raise exception"
                + " 'schema % belongs to another Sync: nothing is dropped', " + literal(schema)
                + "; end if; select string_agg(c.oid::regclass::text, ', ') into t from pg_class c, pg_class w where w.oid = "
                + literal(Identifier.quote(schema, StateTables.WRITER))
                + "::regclass and c.relnamespace = w.relnamespace and c.relowner = w.relowner and c.relkind = 'r'"
                + " and (left(c.relname, 6) = '_sync_' or c.relname in (select name from "
                + Identifier.quote(schema, StateTables.TABLE) + ")); execute 'drop table ' || t; end ";
        String quote = dollarQuote(body);
        return new Instruction(
                "Drop what this Sync made in schema " + schema,
                RUN_AS,
                "do " + quote + body + quote + "; drop schema " + Identifier.quote(schema) + ";");
    }

    /** What is left to do after {@link SchemaDrop}; empty where nothing of ours is left. */
    public static Optional<Instruction> rest(String schema, Dropped dropped) {
        if (dropped.kept().isEmpty() && !dropped.schemaStays()) {
            return Optional.empty();
        }
        String tables = dropped.kept().isEmpty()
                ? ""
                : "drop table "
                        + dropped.kept().stream()
                                .map(kept -> Identifier.quote(schema, kept.table()))
                                .collect(Collectors.joining(", "))
                        + ";";
        String whole = dropped.schemaStays() ? "drop schema " + Identifier.quote(schema) + ";" : "";
        String sql = tables.isEmpty() || whole.isEmpty() ? tables + whole : tables + " " + whole;
        return Optional.of(new Instruction("Drop what is left, once nothing depends on it any more", RUN_AS, sql));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A quote that the text does not contain. */
    private static String dollarQuote(String text) {
        String tag = "drop";
        while (text.contains("$" + tag + "$")) {
            tag += "_";
        }
        return "$" + tag + "$";
    }
}
