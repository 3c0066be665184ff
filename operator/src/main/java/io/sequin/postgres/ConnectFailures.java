package io.sequin.postgres;

import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.postgres.Route.Progress;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
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
        ServerErrorMessage answer = serverMessage(e);
        Problem problem;
        if (known != null) {
            problem = known.problem();
        } else if (answer != null) {
            problem = ServerRefusals.problem(String.valueOf(e.getSQLState()), answer, target);
        } else {
            Problem tls = target.transport() == Transport.TLS ? TlsFailures.problem(e, target, progress) : null;
            problem = tls == null ? networkFailure(e, target, progress) : tls;
        }
        return new PostgresException(problem, e.getSQLState(), e);
    }

    /** What the failure means for another attempt over the other transport. */
    static Transport.Failure kind(SQLException e, Target target, Progress progress) {
        if (serverMessage(e) != null) {
            return String.valueOf(e.getSQLState()).startsWith("28")
                    ? Transport.Failure.LOGIN_REFUSED
                    : Transport.Failure.OTHER;
        }
        return target.transport() == Transport.TLS ? TlsFailures.kind(e, progress) : Transport.Failure.OTHER;
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
        if (progress != Progress.NOT_DIALED && SqlState.REJECTED_ESTABLISHMENT.equals(e.getSQLState())) {
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
