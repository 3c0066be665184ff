package io.sequin.postgres;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.TlsMode;
import org.postgresql.util.ServerErrorMessage;

/** Why a server that answers opens no session: from the SQLSTATE and the routine, with SQL valid on Postgres 10 to 18. */
final class ServerRefusals {
    /** The server's routine that checks the role: may it log in, has it connections left. */
    private static final String OF_ROLE = "InitializeSessionUserId";
    /** The server's routine that checks the database. */
    private static final String OF_DATABASE = "CheckMyDatabase";

    private ServerRefusals() {}

    /** 28P01 hides its cause on purpose: one reason, every candidate with its check. */
    static Problem authenticationFailed(Target target) {
        String slip = target.lineBreak()
                ? " The Secret's user name or password ends with a line break, which is most likely not meant."
                : "";
        return Problem.of(
                PostgresProblem.AUTHENTICATION_FAILED,
                "Postgres at " + target.address() + " refuses the login of user " + target.shownUser()
                        + " and does not say why." + slip + " Check, one after the other: the password in "
                        + target.password() + " (try it with psql); that the user exists (\\du); that its password has"
                        + " not expired (rolvaliduntil in pg_roles); that a password was set at all (alter role …"
                        + " password). Logins are tried at most " + LoginLimit.REFUSALS + " times in "
                        + LoginLimit.WINDOW.toMinutes() + " minutes until the Secret changes.");
    }

    /**
     * The problem.
     *
     * @param state the SQLSTATE
     * @param answer what the server says; its texts may be in any language, its other fields are not
     */
    static Problem problem(String state, ServerErrorMessage answer, Target target) {
        return switch (state) {
            case SqlState.INVALID_PASSWORD -> authenticationFailed(target);
            case SqlState.INVALID_AUTHORIZATION -> notAllowed(answer, target);
            case SqlState.INVALID_CATALOG_NAME ->
                Problem.of(
                        PostgresProblem.DATABASE_NOT_FOUND,
                        "There is no database " + target.shownDatabase() + " at " + target.address()
                                + ". Check spec.postgres.database (\\l lists them; names are case-sensitive), or create"
                                + " it.");
            case SqlState.INSUFFICIENT_PRIVILEGE -> noConnectPrivilege(target);
            case SqlState.TOO_MANY_CONNECTIONS -> tooManyConnections(answer, target);
            case SqlState.NOT_IN_PREREQUISITE_STATE -> closedDatabase(target);
            case SqlState.CANNOT_CONNECT_NOW -> notYet(answer, target);
            default -> {
                Problem common = SqlStates.problem(state);
                yield Problem.of(common.code(), target.address() + ": " + common.message());
            }
        };
    }

    private static Problem noConnectPrivilege(Target target) {
        String database = Identifier.quote(target.database());
        return Problem.of(
                PostgresProblem.MISSING_GRANTS,
                "User " + target.shownUser() + " may not connect to database " + target.shownDatabase() + ".",
                new Instruction(
                        "Let " + target.user() + " connect to and create schemas in " + target.database(),
                        "owner of database " + target.database() + ", or a superuser",
                        "grant connect, create on database " + database + " to " + Identifier.quote(target.user())
                                + ";"));
    }

    private static Problem notAllowed(ServerErrorMessage answer, Target target) {
        // the routine's name is not translated, the text is
        boolean byHba = !OF_ROLE.equals(answer.getRoutine());
        String who = "user " + target.shownUser() + ", database " + target.shownDatabase();
        if (!byHba) {
            return Problem.of(
                    PostgresProblem.AUTHENTICATION_FAILED,
                    target.address() + " refuses " + who + ": the user does not exist or may not log in"
                            + " (alter role … login).");
        }
        if (target.mode() == TlsMode.DISABLE) {
            return Problem.of(
                    PostgresProblem.TLS_REQUIRED,
                    target.address() + " refuses this connection without TLS (" + who + "). Set"
                            + " spec.postgres.tls.mode to verify-full; if that isn't it, pg_hba.conf has no line that"
                            + " allows this user, database and client address.");
        }
        return Problem.of(
                PostgresProblem.NOT_ALLOWED_BY_HBA,
                target.address() + " refuses this connection (" + who + ", "
                        + (target.transport() == Transport.TLS ? "with" : "without")
                        + " TLS): pg_hba.conf has no line that"
                        + " allows this user, database and client address, or asks for another method, such as a"
                        + " client certificate.");
    }

    /** 53300 has three causes; the routine tells which limit it is. */
    private static Problem tooManyConnections(ServerErrorMessage answer, Target target) {
        String routine = String.valueOf(answer.getRoutine());
        return switch (routine) {
            case OF_ROLE ->
                Problem.of(
                        PostgresProblem.TOO_MANY_CONNECTIONS,
                        "User " + target.shownUser() + " has no connection left at " + target.address()
                                + ": the role's own limit is reached (rolconnlimit in pg_roles). Lift it, or lower"
                                + " spec.postgres.maxConnections. Tried again.",
                        new Instruction(
                                "Let " + target.user() + " have as many connections as the server has",
                                "a superuser, or a role that may alter " + target.user(),
                                "alter role " + Identifier.quote(target.user()) + " connection limit -1;"));
            case OF_DATABASE ->
                Problem.of(
                        PostgresProblem.TOO_MANY_CONNECTIONS,
                        "Database " + target.shownDatabase() + " at " + target.address()
                                + " has no connection left: its own limit is reached (datconnlimit in pg_database)."
                                + " Lift it, or close other connections. Tried again.",
                        new Instruction(
                                "Let " + target.database() + " have as many connections as the server has",
                                "owner of database " + target.database() + ", or a superuser",
                                "alter database " + Identifier.quote(target.database()) + " connection limit -1;"));
            default ->
                Problem.of(
                        PostgresProblem.TOO_MANY_CONNECTIONS,
                        target.address() + " has no connection left for user " + target.shownUser()
                                + ": max_connections is reached. Close connections that nobody needs, or allow more."
                                + " Tried again.",
                        new Instruction(
                                "See who holds the connections",
                                "a superuser, for whom some are kept",
                                "select usename, application_name, state, count(*) from pg_stat_activity"
                                        + " group by usename, application_name, state order by count(*) desc;"),
                        new Instruction(
                                "Or allow more connections (here 200), then restart the server",
                                "a superuser",
                                "alter system set max_connections = 200;"));
        };
    }

    private static Problem closedDatabase(Target target) {
        return Problem.of(
                PostgresProblem.DATABASE_CLOSED,
                "Database " + target.shownDatabase() + " at " + target.address()
                        + " takes no connections (datallowconn in pg_database is off).",
                new Instruction(
                        "Open " + target.database() + " for connections, from another database such as postgres",
                        "owner of database " + target.database() + ", or a superuser",
                        "alter database " + Identifier.quote(target.database()) + " allow_connections true;"));
    }

    /** 57P03 has several causes which only the text tells apart; where it isn't English the words name them all. */
    private static Problem notYet(ServerErrorMessage answer, Target target) {
        String text = answer.getMessage() + " " + answer.getDetail();
        if (text.contains("Hot standby mode is disabled")) {
            return Problem.of(
                    PostgresProblem.READ_ONLY,
                    target.address() + " is a standby that takes no connections (hot_standby is off). Set"
                            + " spec.postgres.host to the primary, or to a name that follows it.");
        }
        String what;
        if (text.contains("starting up")) {
            what = "is starting up";
        } else if (text.contains("shutting down")) {
            what = "is shutting down";
        } else if (text.contains("recovery mode") || text.contains("not yet accepting")) {
            what = "is recovering";
        } else {
            what = "is starting up, shutting down or recovering";
        }
        return Problem.of(
                PostgresProblem.SERVER_STARTING,
                target.address() + " " + what + "; tried again. If it stays so, see the server's log; a standby"
                        + " with hot_standby off never takes connections.");
    }
}
