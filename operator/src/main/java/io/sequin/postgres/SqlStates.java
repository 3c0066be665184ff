package io.sequin.postgres;

import io.sequin.data.Problem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SQLSTATE to problem: the one table (PostgreSQL manual, appendix A). Messages are our own words; the server's text is
 * never passed on, since it may hold values of rows.
 */
public final class SqlStates {
    /** What a code means and what to do. */
    private record Meaning(PostgresProblem problem, String words) {}

    private static final Map<String, Meaning> BY_CODE = Map.ofEntries(
            means(
                    SqlState.READ_ONLY_SQL_TRANSACTION,
                    PostgresProblem.READ_ONLY,
                    "The server takes no writes: it is a standby, or"
                            + " default_transaction_read_only is on. Use the address of the primary."),
            means(
                    SqlState.SERIALIZATION_FAILURE,
                    PostgresProblem.SERIALIZATION,
                    "A concurrent change got in the way; tried again."),
            means(
                    SqlState.DEADLOCK_DETECTED,
                    PostgresProblem.SERIALIZATION,
                    "A deadlock with another session; tried again."),
            means(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    PostgresProblem.MISSING_GRANTS,
                    "The user lacks a right on the schema or one of its tables that it had: grant again what was"
                            + " revoked; the server's log names it."),
            means(
                    SqlState.DISK_FULL,
                    PostgresProblem.DISK_FULL,
                    "The server's disk is full. Free space or enlarge it; work goes on" + " where it stopped."),
            means(
                    SqlState.TOO_MANY_CONNECTIONS,
                    PostgresProblem.TOO_MANY_CONNECTIONS,
                    "The server has no connection left: raise"
                            + " max_connections or the role's connection limit, or close others. Tried again."),
            means(
                    SqlState.LOCK_NOT_AVAILABLE,
                    PostgresProblem.LOCK_TIMEOUT,
                    "Another session holds a lock for too long; tried again."),
            means(
                    SqlState.OBJECT_IN_USE,
                    PostgresProblem.LOCK_TIMEOUT,
                    "Another session uses the object; tried again."),
            means(
                    SqlState.QUERY_CANCELED,
                    PostgresProblem.STATEMENT_TIMEOUT,
                    "A statement took longer than allowed, or somebody" + " cancelled it; tried again."),
            means(
                    SqlState.ADMIN_SHUTDOWN,
                    PostgresProblem.CONNECTION_LOST,
                    "An administrator ended the session, or the server shuts" + " down; tried again."),
            means(
                    SqlState.CRASH_SHUTDOWN,
                    PostgresProblem.CONNECTION_LOST,
                    "The server restarts after a crash; tried again."),
            means(
                    SqlState.CANNOT_CONNECT_NOW,
                    PostgresProblem.SERVER_STARTING,
                    "The server is starting up or shutting down; tried again."),
            means(
                    SqlState.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                    PostgresProblem.CONNECTION_LOST,
                    "The server ended an idle transaction; tried again."),
            means(
                    SqlState.TRANSACTION_TIMEOUT,
                    PostgresProblem.STATEMENT_TIMEOUT,
                    "The server ended a transaction that took longer than its transaction_timeout allows; tried again."),
            means(
                    SqlState.IDLE_SESSION_TIMEOUT,
                    PostgresProblem.CONNECTION_LOST,
                    "The server ended an idle session; tried again."));

    private static final Map<String, Meaning> BY_CLASS = Map.ofEntries(
            means("08", PostgresProblem.CONNECTION_LOST, "The connection to the server was lost; tried again."),
            means("22", PostgresProblem.RECORD_REJECTED, "Postgres refuses a value."),
            means("23", PostgresProblem.RECORD_REJECTED, "A constraint of the table refuses a row."),
            means("40", PostgresProblem.SERIALIZATION, "The server rolled the transaction back; tried again."),
            means(
                    "42",
                    PostgresProblem.QUERY_FAILED,
                    "Postgres doesn't know or allow a part of a statement, for example"
                            + " since somebody changed a table."),
            means(
                    "53",
                    PostgresProblem.QUERY_FAILED,
                    "The server is short of memory or another resource; tried again."),
            means("58", PostgresProblem.QUERY_FAILED, "The server's file system failed; see its log."),
            means("XX", PostgresProblem.QUERY_FAILED, "The server reports an internal error; see its log."));

    private SqlStates() {}

    /**
     * The problem behind an exception of the driver, for statements on an open connection. Use it as
     * {@code throw SqlStates.translate(e)}.
     *
     * @throws DatabaseInterruptedException instead, when the calling thread has been interrupted
     */
    public static PostgresException translate(SQLException e) {
        if (Thread.currentThread().isInterrupted()) {
            throw new DatabaseInterruptedException(e);
        }
        String state = e.getSQLState();
        Problem problem = findCause(e, SocketTimeoutException.class) != null
                ? Problem.of(
                        PostgresProblem.CONNECTION_TIMEOUT,
                        "The server did not answer in time in the middle of a statement; tried again.")
                : findCause(e, IOException.class) != null
                        ? problem(SqlState.CONNECTION_FAILURE)
                        : problem(state == null ? "" : state);
        return new PostgresException(problem, state, e);
    }

    /** The problem of a SQLSTATE; {@code QUERY_FAILED} for an unknown one. */
    public static Problem problem(String state) {
        Meaning meaning = BY_CODE.get(state);
        if (meaning == null && state.length() == 5) {
            meaning = BY_CLASS.get(state.substring(0, 2));
        }
        if (meaning == null) {
            meaning = new Meaning(PostgresProblem.QUERY_FAILED, "Postgres refused a statement; see the server's log.");
        }
        String code = state.isEmpty() ? "" : " (SQLSTATE " + state + ")";
        return Problem.of(meaning.problem(), meaning.words() + code);
    }

    /** The first of this kind in the chain of causes; null where there is none. */
    static <T extends Throwable> @Nullable T findCause(Throwable from, Class<T> kind) {
        int depth = 0;
        for (Throwable at = from; at != null && depth < 20; at = at.getCause(), depth++) {
            if (kind.isInstance(at)) {
                return kind.cast(at);
            }
        }
        return null;
    }

    private static Map.Entry<String, Meaning> means(String code, PostgresProblem problem, String words) {
        return Map.entry(code, new Meaning(problem, words));
    }
}
