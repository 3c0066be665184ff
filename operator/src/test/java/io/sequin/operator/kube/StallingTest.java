package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StallingTest {
    private static final Instant SINCE = Instant.parse("2026-11-22T10:00:00Z");

    private record Code(String reason, Remedy remedy) implements ProblemCode {}

    @ParameterizedTest
    @CsvSource({
        "INVALID,   0s,   Stalled",
        "WAITING,   0s,   Reconciling",
        "WAITING,   119s, Reconciling",
        "WAITING,   120s, Stalled",
        "TRANSIENT, 299s, Reconciling",
        "TRANSIENT, 300s, Stalled",
        "BUG,       299s, Reconciling",
        "BUG,       300s, Stalled",
    })
    void theClassOfTheRemedyDecidesHowLongItMayLast(Remedy remedy, String after, String expected) {
        Instant now = SINCE.plus(Duration.parse("PT" + after));
        Stalling.Outlook outlook = Stalling.of(Problem.of(new Code("Broken", remedy), "mend it"), SINCE, now);
        assertThat(outlook.finding()).isEqualTo(Finding.yes(expected, "Broken", "mend it"));
    }

    @Test
    void itSaysWhenItWillStall() {
        Problem problem = Problem.of(new Code("Broken", Remedy.WAITING), "mend it");
        assertThat(Stalling.of(problem, SINCE, SINCE).next()).contains(SINCE.plusSeconds(120));
        assertThat(Stalling.of(problem, SINCE, SINCE.plusSeconds(120)).next()).isEmpty();
    }

    @Test
    void aResourceThatWaitsForAnotherNeverStalls() {
        Problem problem = Problem.of(new Code("DestinationNotReady", Remedy.WAITING), "wait");
        assertThat(Stalling.waiting(problem))
                .isEqualTo(new Stalling.Outlook(
                        Finding.yes("Reconciling", "DestinationNotReady", "wait"), Optional.empty()));
    }

    @Test
    void theTroubleBeganWhenReadyBecameFalse() {
        Instant now = SINCE.plusSeconds(60);
        assertThat(Stalling.failingSince(List.of(new Condition("Ready", "False", 1L, SINCE, "X", "")), now))
                .isEqualTo(SINCE);
        assertThat(Stalling.failingSince(List.of(new Condition("Ready", "Unknown", 1L, SINCE, "X", "")), now))
                .isEqualTo(now);
        assertThat(Stalling.failingSince(List.of(), now)).isEqualTo(now);
    }
}
