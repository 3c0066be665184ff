package io.sequin.engine.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.ProblemException;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
    @Test
    void aTablesTroubleNeverReopens() {
        assertThat(Verdict.of(ofTable(PostgresProblem.RECORD_REJECTED), 100)).isEqualTo(Verdict.RETRY);
        assertThat(Verdict.of(Trouble.of(sourceOfTable(SourceProblem.AUTHENTICATION_FAILED), Trouble.Area.SOURCE), 9))
                .isEqualTo(Verdict.RETRY);
    }

    @ParameterizedTest
    @EnumSource(names = {"FENCED_OUT", "STORAGE_MISSING"})
    void wrongMemoryIsDroppedAtOnce(PostgresProblem code) {
        assertThat(Verdict.of(postgres(code), 1)).isEqualTo(Verdict.REOPEN);
    }

    @Test
    void aMissingTableIsNotThatTablesTroubleButOfTheMemory() {
        assertThat(Verdict.of(ofTable(PostgresProblem.STORAGE_MISSING), 1)).isEqualTo(Verdict.REOPEN);
    }

    @Test
    void aLostConnectionIsRetriedAndReopenedWhenItLasts() {
        Trouble lost = postgres(PostgresProblem.CONNECTION_LOST);
        assertThat(Verdict.of(lost, 1)).isEqualTo(Verdict.RETRY);
        assertThat(Verdict.of(lost, Verdict.REOPEN_AFTER)).isEqualTo(Verdict.REOPEN);
    }

    @Test
    void anotherCredentialMayBeAnotherAccount() {
        assertThat(Verdict.of(source(SourceProblem.AUTHENTICATION_FAILED), 1)).isEqualTo(Verdict.REOPEN);
        ProblemException missing = new ProblemException(Problem.of(CredentialProblem.SECRET_NOT_FOUND, "no Secret"));
        assertThat(Verdict.of(Trouble.of(missing, Trouble.Area.SOURCE), 1)).isEqualTo(Verdict.REOPEN);
    }

    @Test
    void anExpiredCursorStopsTheLane() {
        assertThat(Verdict.of(source(SourceProblem.CURSOR_EXPIRED), 1)).isEqualTo(Verdict.STOP);
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "UNREACHABLE", "UNAVAILABLE", "UNEXPECTED_ANSWER", "PERMISSION_DENIED"})
    void aSourceThatIsBusyOrDownIsAskedAgain(SourceProblem code) {
        assertThat(Verdict.of(source(code), 1000)).isEqualTo(Verdict.RETRY);
    }

    @Test
    void troubleIsSortedByWhatItIsAbout() {
        assertThat(postgres(PostgresProblem.MISSING_GRANTS).area()).isEqualTo(Trouble.Area.SCHEMA);
        assertThat(postgres(PostgresProblem.CONNECTION_REFUSED).area()).isEqualTo(Trouble.Area.DESTINATION);
        assertThat(source(SourceProblem.RATE_LIMITED).area()).isEqualTo(Trouble.Area.SOURCE);
        assertThat(ofTable(PostgresProblem.RECORD_REJECTED).table()).contains("charge");
        ProblemException secret = new ProblemException(Problem.of(CredentialProblem.SECRET_NOT_FOUND, "no Secret"));
        assertThat(Trouble.of(secret, Trouble.Area.DESTINATION).area()).isEqualTo(Trouble.Area.DESTINATION);
    }

    private static Problem problem(ProblemCode code) {
        return Problem.of(code, "as the test wants");
    }

    private static Trouble postgres(PostgresProblem code) {
        return Trouble.of(new PostgresException(problem(code), null, null), Trouble.Area.DESTINATION);
    }

    private static Trouble ofTable(PostgresProblem code) {
        return Trouble.of(new TableException("charge", problem(code), null, null), Trouble.Area.DESTINATION);
    }

    private static Trouble source(SourceProblem code) {
        return Trouble.of(new SourceException(problem(code)), Trouble.Area.SOURCE);
    }

    private static SourceException sourceOfTable(SourceProblem code) {
        return new SourceException(problem(code), "charge", null);
    }
}
