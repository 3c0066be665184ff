package io.sequin.postgres.load.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class TableRefusalTest {
    private static final String IN_A_TRIGGER = "PL/pgSQL function audit() line 3 at SQL statement";

    @ParameterizedTest
    @ValueSource(strings = {"23503", "23514", "P0001", "P0004", "27000", "38000", "44000"})
    void constraintsAndTriggersConcernTheirTable(String state) {
        assertThat(TableRefusal.isOne(error(state, ""))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "53100", "53300", "55P03", "57014", "57P01", "08006", "25006", "XX000"})
    void whatPassesByItselfOrConcernsTheServerDoesNot(String state) {
        assertThat(TableRefusal.isOne(error(state, IN_A_TRIGGER))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42501", "42883", "0A000", "21000"})
    void anErrorOfAStatementDoesOnlyInsideAFunction(String state) {
        assertThat(TableRefusal.isOne(error(state, IN_A_TRIGGER))).isTrue();
        assertThat(TableRefusal.isOne(error(state, ""))).isFalse();
        assertThat(TableRefusal.isOne(error(state, "COPY charge, line 1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42501", "42P10", "42804", "55000", "0A000"})
    void aStatementThatTheTableDoesNotAllowConcernsThatTable(String state) {
        assertThat(TableRefusal.isOfAltered(state)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42703", "55P03", "55006", "40001", "53100", "57014", "08006", "25006", "XX000"})
    void whatOpeningAgainMendsOrConcernsTheServerDoesNot(String state) {
        assertThat(TableRefusal.isOfAltered(state)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22012", "54001"})
    void aValueIsTheFaultOfTheTableWhereItIsRefusedByADelete(String state) {
        assertThat(TableRefusal.ofDelete("charge", error(state, "")))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED));
        assertThat(TableRefusal.ofUpsert("charge", error(state, ""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"55P03, LOCK_TIMEOUT", "57014, STATEMENT_TIMEOUT"})
    void aStatementThatWaitedInVainOrTookTooLongConcernsItsTable(String state, PostgresProblem code) {
        for (Optional<TableException> late : List.of(
                TableRefusal.ofUpsert("charge", error(state, "")), TableRefusal.ofDelete("charge", error(state, "")))) {
            assertThat(late).hasValueSatisfying(e -> {
                assertThat(e.table()).isEqualTo("charge");
                assertThat(e.problem().code()).isEqualTo(code);
                assertThat(e.sqlState()).hasValue(state);
                assertThat(e).message().contains("\"charge\"", state);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "53100", "40P01"})
    void whatHappensToTheConnectionOrTheServerConcernsNoTable(String state) {
        assertThat(TableRefusal.ofUpsert("charge", error(state, ""))).isEmpty();
        assertThat(TableRefusal.ofDelete("charge", error(state, ""))).isEmpty();
    }

    @Test
    void aRefusedDeleteNamesConstraintAndTableAndNothingOfTheContent() {
        TableException refusal = TableRefusal.ofDelete(
                        "customer",
                        new PSQLException(
                                new ServerErrorMessage(
                                        "C23503\0Mviolates\0DKey (id)=(secret) is still referenced\0spublic\0tnotes\0nnotes_of\0")))
                .orElseThrow();
        assertThat(refusal.table()).isEqualTo("customer");
        assertThat(refusal.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
        assertThat(refusal)
                .hasNoCause()
                .message()
                .contains(
                        "\"notes_of\"",
                        "\"public\".\"notes\"",
                        "\"customer\"",
                        "drop or relax it",
                        "between two synced tables is to be dropped")
                .doesNotContain("secret");
    }

    private static SQLException error(String state, String where) {
        return new PSQLException(new ServerErrorMessage("C" + state + "\0Mno\0W" + where + "\0"));
    }
}
