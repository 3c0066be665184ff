package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant THEN = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-22T10:05:00Z");

    private final List<Condition> last =
            List.of(new Condition("Ready", "False", 1L, THEN, "SecretNotFound", "create it"));

    @Test
    void theTransitionTimeStaysWhileTheStatusStays() {
        List<Condition> next =
                Conditions.next(last, List.of(Finding.no("Ready", "ConnectionRefused", "start it")), Set.of(), 1, NOW);
        assertThat(next).containsExactly(new Condition("Ready", "False", 1L, THEN, "ConnectionRefused", "start it"));
    }

    @Test
    void theTransitionTimeMovesWhenTheStatusFlips() {
        List<Condition> next =
                Conditions.next(last, List.of(Finding.yes("Ready", "Verified", "fine")), Set.of(), 1, NOW);
        assertThat(next).containsExactly(new Condition("Ready", "True", 1L, NOW, "Verified", "fine"));
    }

    @Test
    void aFindingIsAboutTheGenerationItWasMadeOn() {
        List<Condition> next =
                Conditions.next(last, List.of(Finding.no("Ready", "SecretNotFound", "create it")), Set.of(), 2, NOW);
        assertThat(next).containsExactly(new Condition("Ready", "False", 2L, THEN, "SecretNotFound", "create it"));
    }

    @Test
    void aKeptConditionKeepsItsOwnGeneration() {
        List<Condition> next = Conditions.next(
                last, List.of(Finding.yes("Reconciling", "Verifying", "wait")), Set.of("Ready"), 2, NOW);
        assertThat(next)
                .containsExactly(new Condition("Reconciling", "True", 2L, NOW, "Verifying", "wait"), last.getFirst());
    }

    @Test
    void aFindingWinsOverAKeptCondition() {
        List<Condition> next =
                Conditions.next(last, List.of(Finding.yes("Ready", "Verified", "fine")), Set.of("Ready"), 2, NOW);
        assertThat(next).hasSize(1);
    }

    @Test
    void aConditionThatIsNeitherFoundNorKeptIsLeftOut() {
        assertThat(Conditions.next(last, List.of(), Set.of(), 1, NOW)).isEmpty();
    }

    @Test
    void aConditionWithoutATimeGetsOne() {
        List<Condition> timeless = List.of(new Condition("Ready", "False", 1L, null, "Pending", ""));
        List<Condition> next = Conditions.next(timeless, List.of(Finding.no("Ready", "Pending", "")), Set.of(), 1, NOW);
        assertThat(next.getFirst().lastTransitionTime()).isEqualTo(NOW);
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        String tooLong = "x".repeat(Text.MESSAGE - 2) + "😀 and more";
        List<Condition> next =
                Conditions.next(List.of(), List.of(Finding.no("Ready", "Long", tooLong)), Set.of(), 1, NOW);
        assertThat(next.getFirst().message()).isEqualTo("x".repeat(Text.MESSAGE - 2) + "…");
    }
}
