package io.sequin.postgres;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.data.TlsMode;
import io.sequin.postgres.Route.Progress;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Why a connection did not come about: from the stage that was reached, the exception's causes and the SQLSTATE. */
final class ConnectFailures {
    private ConnectFailures() {}

    /**
     * @throws DatabaseInterruptedException instead, when the calling thread has been interrupted
     */
    static PostgresException translate(SQLException e, Target target, Progress progress) {
        if (Thread.currentThread().isInterrupted()) {
            throw new DatabaseInterruptedException(e);
        }
        ProblemException known = SqlStates.findCause(e, ProblemException.class);
        Problem problem;
        if (known != null) {
            problem = known.problem();
        } else if (serverMessage(e) != null) {
            problem = refusedByServer(e, target);
        } else {
            Problem tls = target.tls() == TlsMode.DISABLE ? null : tlsFailure(e, target, progress);
            problem = tls == null ? networkFailure(e, target, progress) : tls;
        }
        return new PostgresException(problem, e.getSQLState(), e);
    }

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

    private static Problem refusedByServer(SQLException e, Target target) {
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case SqlStates.INVALID_PASSWORD -> authenticationFailed(target);
            case "28000" -> notAllowed(e, target);
            case "3D000" ->
                Problem.of(
                        PostgresProblem.DATABASE_NOT_FOUND,
                        "There is no database " + target.shownDatabase() + " at " + target.address()
                                + ". Check spec.postgres.database (\\l lists them; names are case-sensitive), or create"
                                + " it.");
            case "42501" -> noConnectPrivilege(target);
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

    private static Problem notAllowed(SQLException e, Target target) {
        ServerErrorMessage message = serverMessage(e);
        // the routine's name is not translated, the text is
        boolean byHba = message == null || !"InitializeSessionUserId".equals(message.getRoutine());
        String who = "user " + target.shownUser() + ", database " + target.shownDatabase();
        if (!byHba) {
            return Problem.of(
                    PostgresProblem.AUTHENTICATION_FAILED,
                    target.address() + " refuses " + who + ": the user does not exist or may not log in"
                            + " (alter role … login).");
        }
        if (target.tls() == TlsMode.DISABLE) {
            return Problem.of(
                    PostgresProblem.TLS_REQUIRED,
                    target.address() + " refuses this connection without TLS (" + who + "). Set"
                            + " spec.postgres.tls.mode to verify-full; if that isn't it, pg_hba.conf has no line that"
                            + " allows this user, database and client address.");
        }
        return Problem.of(
                PostgresProblem.NOT_ALLOWED_BY_HBA,
                target.address() + " refuses this connection (" + who + ", with TLS): pg_hba.conf has no line that"
                        + " allows this user, database and client address, or asks for another method, such as a"
                        + " client certificate.");
    }

    private static @Nullable Problem tlsFailure(SQLException e, Target target, Progress progress) {
        if (progress == Progress.DIALED && "08004".equals(e.getSQLState())) {
            return Problem.of(
                    PostgresProblem.TLS_NOT_SUPPORTED,
                    target.address() + " does not offer TLS. Switch it on there (ssl = on), or set"
                            + " spec.postgres.tls.mode to disable if the network may be trusted.");
        }
        if (progress != Progress.TLS_STARTED) {
            return null;
        }
        Problem certificate = certificateFailure(e, target);
        if (certificate != null) {
            return certificate;
        }
        SSLException broken = SqlStates.findCause(e, SSLException.class);
        return broken == null || SqlStates.findCause(e, SocketTimeoutException.class) != null
                ? null
                : Problem.of(
                        PostgresProblem.TLS_FAILED,
                        "The TLS handshake with " + target.address() + " failed: the server speaks no TLS 1.2 or 1.3"
                                + " with a cipher known here, or ended the connection.");
    }

    private static @Nullable Problem certificateFailure(SQLException e, Target target) {
        if (SqlStates.findCause(e, HostMismatchException.class) != null) {
            return Problem.of(
                    PostgresProblem.CERTIFICATE_HOST_MISMATCH,
                    "The certificate of " + target.address() + " is trusted but was not issued for "
                            + target.address().host() + ". Use a host name that it contains, or a certificate for this"
                            + " one (subject alternative name).");
        }
        if (SqlStates.findCause(e, CertificateExpiredException.class) != null
                || SqlStates.findCause(e, CertificateNotYetValidException.class) != null) {
            return Problem.of(
                    PostgresProblem.CERTIFICATE_EXPIRED,
                    "The certificate of " + target.address() + " has expired or is not valid yet. Renew it, or check"
                            + " the clocks.");
        }
        if (SqlStates.findCause(e, CertPathBuilderException.class) != null
                || SqlStates.findCause(e, CertPathValidatorException.class) != null
                || SqlStates.findCause(e, CertificateException.class) != null) {
            return Problem.of(
                    PostgresProblem.CERTIFICATE_UNTRUSTED,
                    "The certificate of " + target.address() + " was issued by an authority that isn't trusted. Put"
                            + " the authority's certificate (PEM) where spec.postgres.tls.caFrom points to.");
        }
        return null;
    }

    private static Problem networkFailure(SQLException e, Target target, Progress progress) {
        String address = target.address().toString();
        if (SqlStates.findCause(e, UnknownHostException.class) != null) {
            return Problem.of(
                    PostgresProblem.HOST_NOT_FOUND,
                    "The host name " + target.address().host() + " is unknown to DNS here. Check spec.postgres.host.");
        }
        if (SqlStates.findCause(e, SocketTimeoutException.class) != null) {
            return Problem.of(
                    PostgresProblem.CONNECTION_TIMEOUT,
                    progress == Progress.NOT_DIALED
                            ? "No answer from " + address + ": no TCP connection in time. Check host and port, and that"
                                    + " firewalls and network policies let this operator through."
                            : address + " accepts TCP connections but did not answer in time as a Postgres server.");
        }
        if (SqlStates.findCause(e, NoRouteToHostException.class) != null) {
            return Problem.of(
                    PostgresProblem.CONNECTION_REFUSED,
                    "There is no network route to " + address + ". Check the host and the firewalls between.");
        }
        if (SqlStates.findCause(e, ConnectException.class) != null) {
            return Problem.of(
                    PostgresProblem.CONNECTION_REFUSED,
                    address + " refuses TCP connections: no server listens there. Check host, port and"
                            + " listen_addresses, and that the server runs.");
        }
        return protocolFailure(e, target, progress);
    }

    private static Problem protocolFailure(SQLException e, Target target, Progress progress) {
        String address = target.address().toString();
        if (progress != Progress.NOT_DIALED && "08004".equals(e.getSQLState())) {
            return Problem.of(
                    PostgresProblem.AUTHENTICATION_FAILED,
                    address + " asks user " + target.shownUser() + " for a way of authentication that is"
                            + " not supported, or the password is empty. Passwords (SCRAM or md5) are supported.");
        }
        String how = SqlStates.findCause(e, EOFException.class) != null ? "closed" : "lost";
        return Problem.of(
                PostgresProblem.CONNECTION_LOST,
                "The connection to " + address + " was " + how + " before the login was complete. Is it a Postgres"
                        + " server? Tried again.");
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException e) {
        PSQLException fromDriver = SqlStates.findCause(e, PSQLException.class);
        return fromDriver == null ? null : fromDriver.getServerErrorMessage();
    }
}
