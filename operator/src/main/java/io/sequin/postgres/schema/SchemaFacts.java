package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import java.sql.SQLException;

/**
 * What the server says about a schema and our rights there.
 *
 * @param owner the schema's owner; empty where it does not exist
 * @param canStage temporary tables are allowed
 */
record SchemaFacts(
        String schema,
        String database,
        String user,
        boolean exists,
        String owner,
        boolean canUse,
        boolean canCreate,
        boolean canCreateSchemas,
        boolean canStage) {
    static SchemaFacts read(Transaction tx, String schema) throws SQLException {
        return tx.first(
                        """
                        select current_database(), current_user,
                               has_database_privilege(current_database(), 'CREATE'),
                               has_database_privilege(current_database(), 'TEMP'),
                               n.oid is not null, coalesce(pg_get_userbyid(n.nspowner), ''),
                               coalesce(has_schema_privilege(n.oid, 'USAGE'), false),
                               coalesce(has_schema_privilege(n.oid, 'CREATE'), false)
                          from (select 1) one left join pg_namespace n on n.nspname = ?""",
                        row -> new SchemaFacts(
                                schema,
                                row.getString(1),
                                row.getString(2),
                                row.getBoolean(5),
                                row.getString(6),
                                row.getBoolean(7),
                                row.getBoolean(8),
                                row.getBoolean(3),
                                row.getBoolean(4)),
                        schema)
                .orElseThrow();
    }

    /** Checked before, since {@code create schema if not exists} asks for CREATE on the database even where it exists. */
    void requireCreateSchema() {
        if (!canCreateSchemas) {
            String sql =
                    "grant create on database " + Identifier.quote(database) + " to " + Identifier.quote(user) + ";";
            throw missing(
                    "User " + user + " may not create schemas in database " + database,
                    new Instruction(
                            "Let " + user + " create schema " + schema,
                            "owner of database " + database + ", or a superuser",
                            sql));
        }
    }

    /** Checked before, since CREATE without USAGE lets us create a table and then not find it. */
    void requireUse() {
        if (!canUse || !canCreate) {
            String sql =
                    "grant usage, create on schema " + Identifier.quote(schema) + " to " + Identifier.quote(user) + ";";
            throw missing(
                    "User " + user + " may not " + (canUse ? "create tables in" : "use") + " schema " + schema,
                    new Instruction(
                            "Let " + user + " create tables in schema " + schema,
                            "owner of schema " + schema + " (" + owner + "), or a superuser",
                            sql));
        }
    }

    static PostgresException missing(String message, Instruction cure) {
        return new PostgresException(Problem.of(PostgresProblem.MISSING_GRANTS, message, cure), null, null);
    }
}
