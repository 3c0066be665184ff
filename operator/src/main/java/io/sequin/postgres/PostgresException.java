package io.sequin.postgres;

import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trouble with the user's Postgres, classified. */
public class PostgresException extends ProblemException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String sqlState;

    public PostgresException(Problem problem, @Nullable String sqlState, @Nullable Throwable cause) {
        super(problem, cause);
        this.sqlState = sqlState;
    }

    /** The server's five-letter code; empty where the server did not answer. */
    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }
}
