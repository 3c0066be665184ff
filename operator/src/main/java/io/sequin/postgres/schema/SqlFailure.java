package io.sequin.postgres.schema;

import io.sequin.data.Problem;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlStates;
import java.sql.SQLException;
import java.util.Set;

/** Turns what JDBC throws inside our transactions into problems. */
final class SqlFailure {
    /**
     * {@code undefined_table}, {@code undefined_column} and {@code invalid_schema_name}: all that our statements name are
     * things of ours.
     */
    private static final Set<String> GONE = Set.of("42P01", "42703", "3F000");

    private SqlFailure() {}

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
