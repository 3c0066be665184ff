package io.sequin.verify;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.ServerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rules, in their order; the first failure decides. The SQL in them is valid on Postgres 10 to 18.
 */
final class Checks {
    private static final int OLDEST = 100_000;

    static final List<Check> CHAIN = List.of(
            new Check(Stage.CREDENTIALS_RESOLVED, seen -> seen.credentials().map(StageResult.Failed::new)),
            new Check(Stage.CONNECTED, seen -> noSession(seen, false)),
            new Check(Stage.CONNECTED, ofServer(Checks::version)),
            new Check(Stage.CONNECTED, ofServer(Checks::writable)),
            new Check(Stage.PERMISSIONS_VERIFIED, seen -> noSession(seen, true)),
            new Check(Stage.PERMISSIONS_VERIFIED, ofServer(Checks::grants)),
            new Check(Stage.PERMISSIONS_VERIFIED, ofServer(Checks::privileges)));

    private Checks() {}

    private static Function<Observed, Optional<StageResult>> ofServer(
            Function<ServerFacts, Optional<StageResult>> rule) {
        return seen -> seen.facts().flatMap(rule);
    }

    /** CONNECT is checked by the server itself after the login: a question of grants, not of the connection. */
    private static Optional<StageResult> noSession(Observed seen, boolean forWantOfGrants) {
        return seen.connection()
                .filter(problem -> (problem.code() == PostgresProblem.MISSING_GRANTS) == forWantOfGrants)
                .map(StageResult.Failed::new);
    }

    private static Optional<StageResult> version(ServerFacts server) {
        return server.versionNumber() >= OLDEST
                ? Optional.empty()
                : failed(Problem.of(
                        PostgresProblem.UNSUPPORTED_VERSION,
                        "The server is PostgreSQL " + server.version() + "; 10 or newer is needed."));
    }

    private static Optional<StageResult> writable(ServerFacts server) {
        if (server.standby()) {
            return failed(Problem.of(
                    PostgresProblem.READ_ONLY,
                    "The server is a standby, which takes no writes. Set spec.postgres.host to the primary, or to a"
                            + " name that follows it."));
        }
        if (!server.readOnly()) {
            return Optional.empty();
        }
        return failed(new Problem(
                PostgresProblem.READ_ONLY,
                "Transactions are read-only for user \"" + server.user() + "\" in database \"" + server.database()
                        + "\": default_transaction_read_only is on (set by: " + server.readOnlySetBy()
                        + "). Switch it off where it was set. Some providers set it when the disk is nearly full: then"
                        + " free or add space first.",
                ReadOnlyCure.of(server),
                Optional.empty()));
    }

    private static Optional<StageResult> grants(ServerFacts server) {
        List<String> missing = new ArrayList<>();
        if (!server.mayConnect()) {
            missing.add("CONNECT");
        }
        if (!server.mayCreate()) {
            missing.add("CREATE");
        }
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        return failed(Problem.of(
                PostgresProblem.MISSING_GRANTS,
                "User \"" + server.user() + "\" lacks " + String.join(" and ", missing) + " on database \""
                        + server.database() + "\". Others than its owner and superusers can run the GRANT without an"
                        + " error, but it then does nothing.",
                new Instruction(
                        "Let " + server.user() + " connect to and create schemas in " + server.database(),
                        "owner of database " + server.database() + " (" + server.databaseOwner() + "), or a superuser",
                        grant(server, server.user()))));
    }

    /** Every question about privileges is answered with yes for a superuser, so nothing is proven; never blocks. */
    private static Optional<StageResult> privileges(ServerFacts server) {
        if (!server.superuser() && !server.bypassesRowSecurity()) {
            return Optional.empty();
        }
        String what = server.superuser() ? "is a superuser" : "bypasses row security (BYPASSRLS)";
        List<Instruction> cure = new ArrayList<>();
        if (!server.spareRoleExists()) {
            cure.add(new Instruction(
                    "Create a user that can do no more than needed; give it a password with \\password "
                            + server.spareRole() + " in psql",
                    "a superuser, or a role with CREATEROLE",
                    "create role " + Identifier.quote(server.spareRole()) + " login;"));
        }
        cure.add(new Instruction(
                "Let " + server.spareRole() + " connect to and create schemas in " + server.database()
                        + "; then put its name and password into the credentials Secret",
                "owner of database " + server.database() + " (" + server.databaseOwner() + "), or a superuser",
                grant(server, server.spareRole())));
        return Optional.of(new StageResult.Warned(new Problem(
                PostgresProblem.OVER_PRIVILEGED,
                "User \"" + server.user() + "\" " + what + ", far more than is needed. It works; a user with fewer"
                        + " rights is safer. Schemas that were synced before stay with their present owner.",
                cure,
                Optional.empty())));
    }

    private static String grant(ServerFacts server, String user) {
        return "grant connect, create on database " + Identifier.quote(server.database()) + " to "
                + Identifier.quote(user) + ";";
    }

    private static Optional<StageResult> failed(Problem problem) {
        return Optional.of(new StageResult.Failed(problem));
    }
}
