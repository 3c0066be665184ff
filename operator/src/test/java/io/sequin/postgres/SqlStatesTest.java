package io.sequin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStatesTest {
    @ParameterizedTest
    @CsvSource({
        "25006, READ_ONLY",
        "40001, SERIALIZATION",
        "40P01, SERIALIZATION",
        "42501, MISSING_GRANTS",
        "53100, DISK_FULL",
        "53300, TOO_MANY_CONNECTIONS",
        "55P03, LOCK_TIMEOUT",
        "57014, STATEMENT_TIMEOUT",
        "57P01, CONNECTION_LOST",
        "57P03, SERVER_STARTING",
        "08006, CONNECTION_LOST",
        "08P01, CONNECTION_LOST",
        "22P02, RECORD_REJECTED",
        "23505, RECORD_REJECTED",
        "42P01, QUERY_FAILED",
        "XX000, QUERY_FAILED",
        "ZZ999, QUERY_FAILED"
    })
    void eachStateHasOneProblem(String state, PostgresProblem problem) {
        PostgresException e = SqlStates.translate(new SQLException("row (secret, value)", state));
        assertThat(e.problem().code()).isEqualTo(problem);
        assertThat(e.sqlState()).contains(state);
        assertThat(e.problem().message()).contains(state).doesNotContain("secret");
    }

    @Test
    void aDeadSocketIsALostConnectionAndASilentOneATimeout() {
        assertThat(code(new SQLException("I/O", "08006", new EOFException())))
                .isEqualTo(PostgresProblem.CONNECTION_LOST);
        assertThat(code(new SQLException("I/O", "08006", new SocketTimeoutException("Read timed out"))))
                .isEqualTo(PostgresProblem.CONNECTION_TIMEOUT);
    }

    @Test
    void anInterruptIsNoProblemAndTheFlagStaysSet() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> SqlStates.translate(new SQLException("I/O", "08006")))
                    .isInstanceOf(DatabaseInterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static Object code(SQLException e) {
        return SqlStates.translate(e).problem().code();
    }
}
