package io.sequin.postgres.load.refusal;

import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.TableException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What users hang on a synced table (constraints, triggers, rules) refuses a change of ours. Ours is the primary key
 * alone, so it is theirs to mend, and it concerns that table only. Names constraint and table; never hands on the
 * server's message or context, which quote the content.
 */
public final class TableRefusal {
    /**
     * Raised by constraints, triggers and functions, whatever they do (PostgreSQL manual, appendix A): triggered action,
     * constraint, triggered data change, SQL routine, external routine (two), check option, PL/pgSQL.
     */
    private static final Set<String> CLASSES = Set.of("09", "23", "27", "2F", "38", "39", "44", "P0");

    /** Errors of statements; with a context they come from a function's statement, not from ours. */
    private static final Set<String> CLASSES_IN_FUNCTIONS = Set.of("0A", "21", "42");

    /** Values, and their size. */
    private static final Set<String> VALUES = Set.of("22", "54");

    private static final Set<String> GONE = Set.of(SqlState.UNDEFINED_TABLE, SqlState.UNDEFINED_COLUMN);

    private TableRefusal() {}

    /** Something that is done to a table. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Does what needs one table and no other of ours: what it waits for, or takes too long for, is that table's trouble. */
    public static <T> T inTime(String table, Work<T> work) throws SQLException {
        try {
            return work.run();
        } catch (SQLException e) {
            throw ofTime(table, e).orElseThrow(() -> e);
        }
    }

    /** Whether what hangs on a table refused a statement of ours; never for what passes by itself. */
    static boolean isOne(SQLException e) {
        String kind = kind(e);
        return CLASSES.contains(kind) || (CLASSES_IN_FUNCTIONS.contains(kind) && isInFunction(e));
    }

    /** The class of its SQLSTATE; empty where it has none. */
    private static String kind(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() != 5 ? "" : state.substring(0, 2);
    }

    /**
     * Whether a statement of ours is not allowed on the table as it is: somebody has altered it. Not where it, a column or
     * the schema is gone, which opening the schema again mends.
     */
    static boolean isOfAltered(String state) {
        return state.equals(SqlState.NOT_IN_PREREQUISITE_STATE)
                || state.startsWith("0A")
                || (state.startsWith("42") && !GONE.contains(state));
    }

    /** The context of our own COPY is no function. */
    private static boolean isInFunction(SQLException e) {
        return part(e, ServerErrorMessage::getWhere)
                .filter(where -> !where.isBlank() && !where.startsWith("COPY "))
                .isPresent();
    }

    /** A row of the source is not taken, or not in time; empty where the failure is of another kind. */
    public static Optional<TableException> ofUpsert(String table, SQLException e) {
        return isOne(e) ? Optional.of(upsert(table, e)) : ofAltered(table, e).or(() -> ofTime(table, e));
    }

    /**
     * Rows that are gone at the source are not let go, or not in time; empty where the failure is of another kind. A delete writes no
     * values, so a value that is refused comes from what hangs on the table, too.
     */
    public static Optional<TableException> ofDelete(String table, SQLException e) {
        return isOne(e) || VALUES.contains(kind(e))
                ? Optional.of(delete(table, e))
                : ofAltered(table, e).or(() -> ofTime(table, e));
    }

    /**
     * A statement on the table has waited in vain for a lock, or took too long: the server's answer to that very statement,
     * never the end of a connection. Empty where the failure is of another kind.
     */
    public static Optional<TableException> ofTime(String table, SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case SqlState.LOCK_NOT_AVAILABLE ->
                Optional.of(late(
                        table,
                        PostgresProblem.LOCK_TIMEOUT,
                        e,
                        "Another session holds a lock on table "
                                + Identifier.quote(table)
                                + " for too long, such as CREATE INDEX without CONCURRENTLY, VACUUM FULL, or a"
                                + " transaction that was left open: pg_locks and pg_stat_activity show which"));
            case SqlState.QUERY_CANCELED ->
                Optional.of(
                        late(
                                table,
                                PostgresProblem.STATEMENT_TIMEOUT,
                                e,
                                "A statement on table "
                                        + Identifier.quote(table)
                                        + " took too long, or somebody cancelled it: look for triggers on the table, for"
                                        + " foreign keys that refer to it from a column without an index, and at the load of the server"));
            default -> Optional.empty();
        };
    }

    private static TableException late(String table, PostgresProblem code, SQLException e, String what) {
        String text = what + " (SQLSTATE " + e.getSQLState() + "). It is tried again, and other tables go on";
        return new TableException(table, Problem.of(code, text), e.getSQLState(), null);
    }

    private static TableException upsert(String table, SQLException e) {
        String text = culprit(table, e) + " refuses a row of the source for table " + Identifier.quote(table)
                + "; drop or relax it";
        return new TableException(table, Problem.of(PostgresProblem.RECORD_REJECTED, text), e.getSQLState(), null);
    }

    private static TableException delete(String table, SQLException e) {
        String text = culprit(table, e) + " refuses to delete rows of table " + Identifier.quote(table)
                + " that are gone at the source; drop or relax it. A foreign key between two synced tables is to be"
                + " dropped, since their rows come and go in no order; one of a table of your own may have ON DELETE"
                + " CASCADE or ON DELETE SET NULL instead. The rows stay until then, and the deletes are tried again";
        return new TableException(table, Problem.of(PostgresProblem.DELETE_REFUSED, text), e.getSQLState(), null);
    }

    /** As far as the code tells; what exactly is altered {@link AlteredTables} finds out. */
    private static Optional<TableException> ofAltered(String table, SQLException e) {
        if (!isOfAltered(String.valueOf(e.getSQLState()))) {
            return Optional.empty();
        }
        String text = "Postgres refuses to write table " + Identifier.quote(table) + " (SQLSTATE " + e.getSQLState()
                + "), which somebody has altered: the server's log has the statement. Its changes are kept until it can"
                + " be written, and no other table waits";
        return Optional.of(
                new TableException(table, Problem.of(PostgresProblem.TABLE_ALTERED, text), e.getSQLState(), null));
    }

    /** A delete of rows that are there did nothing, without a word: a trigger, a rule or a policy can do that. */
    public static TableException ofSilentDelete(String table) {
        String text = "A trigger, rule or row-level security policy of table " + Identifier.quote(table)
                + " keeps rows from being deleted that are gone at the source; drop or relax it. The rows stay until"
                + " then, and the deletes are tried again";
        return new TableException(table, Problem.of(PostgresProblem.DELETE_REFUSED, text), null, null);
    }

    /** The server names the table that has the constraint: for a foreign key the one that refers to ours. */
    private static String culprit(String table, SQLException e) {
        String code = " (SQLSTATE " + e.getSQLState() + ")";
        Optional<String> constraint = part(e, ServerErrorMessage::getConstraint);
        if (constraint.isEmpty()) {
            return "A constraint, trigger or rule of table " + Identifier.quote(table) + code;
        }
        String of = part(e, ServerErrorMessage::getTable)
                .map(name -> part(e, ServerErrorMessage::getSchema)
                        .map(schema -> Identifier.quote(schema, name))
                        .orElse(Identifier.quote(name)))
                .orElse(Identifier.quote(table));
        return "Constraint " + Identifier.quote(constraint.get()) + " of table " + of + code;
    }

    /** Whether the server names this constraint of this table. */
    static boolean isOf(String schema, String table, String constraint, SQLException e) {
        return part(e, ServerErrorMessage::getConstraint)
                        .filter(constraint::equals)
                        .isPresent()
                && part(e, ServerErrorMessage::getTable).filter(table::equals).isPresent()
                && part(e, ServerErrorMessage::getSchema).filter(schema::equals).isPresent();
    }

    /** Whether the server names another table than this one: with a foreign key that which refers to it. */
    static boolean isOfOther(String schema, String table, SQLException e) {
        Optional<String> named = part(e, ServerErrorMessage::getTable);
        boolean same = named.filter(table::equals).isPresent()
                && part(e, ServerErrorMessage::getSchema).filter(schema::equals).isPresent();
        return named.isPresent() && !same;
    }

    /** A part of the server's answer. */
    @FunctionalInterface
    private interface Part {
        @Nullable
        String of(ServerErrorMessage message);
    }

    private static Optional<String> part(SQLException e, Part part) {
        ServerErrorMessage message = e instanceof PSQLException server ? server.getServerErrorMessage() : null;
        return message == null ? Optional.empty() : Optional.ofNullable(part.of(message));
    }
}
