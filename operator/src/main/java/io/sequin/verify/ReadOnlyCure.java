package io.sequin.verify;

import io.sequin.data.Instruction;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.ServerFacts;
import java.util.List;

/** Switches {@code default_transaction_read_only} off where it was set. Valid on Postgres 10 to 18. */
final class ReadOnlyCure {
    private static final String SUPERUSER = "a superuser";
    private static final String SETTING = "default_transaction_read_only";

    private ReadOnlyCure() {}

    /** What to run; empty where no statement helps, as for a setting on the server's command line. */
    static List<Instruction> of(ServerFacts server) {
        String role = Identifier.quote(server.user());
        String database = Identifier.quote(server.database());
        String owner = "owner of database " + server.database() + " (" + server.databaseOwner() + "), or a superuser";
        String self = server.user() + " itself, or a superuser";
        return switch (server.readOnlySetBy()) {
            case "database" -> steps(owner, "alter database " + database + " reset " + SETTING + ";");
            case "user" -> steps(self, "alter role " + role + " reset " + SETTING + ";");
            case "database user" ->
                steps(self, "alter role " + role + " in database " + database + " reset " + SETTING + ";");
            case "global" -> steps(SUPERUSER, "alter role all reset " + SETTING + ";");
            case "configuration file" ->
                List.of(
                        new Instruction(
                                "Switch it off for the whole server",
                                SUPERUSER,
                                "alter system set " + SETTING + " = off;"),
                        new Instruction("Make the server read it", SUPERUSER, "select pg_reload_conf();"));
            default -> List.of();
        };
    }

    /** The session that switches it off would be read-only itself. */
    private static List<Instruction> steps(String runAs, String sql) {
        return List.of(
                new Instruction("Let this session write", runAs, "set " + SETTING + " = off;"),
                new Instruction("In the same session, switch it off where it was set", runAs, sql));
    }
}
