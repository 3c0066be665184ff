package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.failing;
import static io.sequin.operator.sync.SyncSamples.reached;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who sees only the status knows what to do. */
class NextStepsTest {
    private static final SyncPlan PLAN = ((SyncDecision.Run) SyncDecision.of(
                    SyncSamples.sync(null), Optional.of(SyncSamples.destination("True", 1)), "cluster", false))
            .plan();

    private static String ofSource(SourceProblem code) {
        SyncSnapshot live = reached(true, Optional.of(T0));
        SyncSnapshot snapshot = SyncSamples.with(
                live, Optional.empty(), Optional.of(Problem.of(code, "What the source says")), Optional.empty());
        return NextSteps.in(snapshot, PLAN).source().orElseThrow().message();
    }

    private static String ofTable(Problem problem) {
        SyncSnapshot snapshot = reached(true, Optional.of(T0), failing("charge", problem));
        return NextSteps.in(snapshot, PLAN)
                .tables()
                .getFirst()
                .problem()
                .orElseThrow()
                .message();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTHENTICATION_FAILED", "PERMISSION_DENIED", "ACCOUNT_CHANGED"})
    void whereTheKeyIsToBeMendedItsSecretAndKeyAreNamed(SourceProblem code) {
        assertThat(ofSource(code))
                .isEqualTo("What the source says. The key is in Secret stripe of this namespace, key api-key.");
    }

    @Test
    void aPasswordOfTheDatabaseIsNotInTheSecretOfTheKey() {
        Problem wrong = Problem.of(PostgresProblem.AUTHENTICATION_FAILED, "The password is wrong.");
        SyncSnapshot snapshot = SyncSamples.with(
                reached(true, Optional.of(T0)), Optional.of(wrong), Optional.empty(), Optional.empty());
        assertThat(NextSteps.in(snapshot, PLAN).destination().orElseThrow().message())
                .isEqualTo(wrong.message());
    }

    @Test
    void aTableThatTheKeyMayNotReadNamesTheKeyToo() {
        assertThat(ofTable(Problem.of(SourceProblem.PERMISSION_DENIED, "No right.")))
                .startsWith("No right. The key is in Secret stripe");
    }

    @Test
    void aTableWithoutItsProductSaysHowToLeaveItOut() {
        assertThat(ofTable(Problem.of(SourceProblem.NOT_OFFERED, "No product.")))
                .contains("spec.tables.exclude");
    }

    @ParameterizedTest
    @EnumSource(names = {"RECORD_REJECTED", "MASS_REJECTION"})
    void whatIsTriedSeldomSaysHowItIsTriedAtOnce(PostgresProblem code) {
        assertThat(ofTable(Problem.of(code, "It refuses a row")))
                .contains("kubectl annotate sync stripe sequin.io/reconcile-requested-at=");
    }

    @Test
    void whatPassesByItselfStaysAsItIs() {
        assertThat(ofSource(SourceProblem.UNAVAILABLE)).isEqualTo("What the source says");
    }
}
