package io.sequin.postgres.schema;

import io.sequin.data.Problem;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.SqlStates;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;

/** Turns what JDBC throws inside our transactions into problems. */
final class SqlFailure {
    /** All that our statements name are things of ours. */
    private static final Set<String> GONE =
            Set.of(SqlState.UNDEFINED_TABLE, SqlState.UNDEFINED_COLUMN, SqlState.INVALID_SCHEMA_NAME);

    /** Classes of what the server and the connection to it suffer, whatever was asked of them; class 57 but for one code. */
    private static final Set<String> NO_REFUSALS = Set.of("08", "25", "40", "53", "57", "58", "XX");

    private SqlFailure() {}

    /** Whether the server has answered, that it refuses what it was asked for. */
    static boolean isRefusal(SQLException e) {
        String state = e.getSQLState();
        return e instanceof PSQLException server
                && server.getServerErrorMessage() != null
                && state != null
                && state.length() == 5
                && (state.equals(SqlState.QUERY_CANCELED) || !NO_REFUSALS.contains(state.substring(0, 2)));
    }

    /** Use it as {@code throw SqlFailure.translate(e)}: an interrupt is thrown as such instead. */
    static PostgresException translate(SQLException e) {
        PostgresException general = SqlStates.translate(e);
        if (!general.sqlState().map(GONE::contains).orElse(false)) {
            return general;
        }
        Problem problem = Problem.of(
                PostgresProblem.STORAGE_MISSING,
                "A table, a column or the schema of this sync is gone from the database (SQLSTATE " + e.getSQLState()
                        + ")");
        return new PostgresException(problem, e.getSQLState(), e);
    }
}
