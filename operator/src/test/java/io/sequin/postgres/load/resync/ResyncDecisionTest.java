package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.ResyncRequest;
import io.sequin.postgres.schema.ResyncRecord;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResyncDecisionTest {
    private static final Set<String> FILLED = Set.of("charge", "refund");

    private static ResyncRecord handled(@Nullable String token) {
        return new ResyncRecord(token, null, Set.of(), Set.of(), Set.of(), null);
    }

    private static ResyncRecord doing(String token, Set<String> tables, Set<String> left) {
        return new ResyncRecord("old", token, tables, left, Set.of(), null);
    }

    private static ResyncDecision ask(ResyncRecord recorded, String token, String... tables) {
        return ResyncDecision.of(recorded, Optional.of(new ResyncRequest(token, Set.of(tables))), FILLED, false);
    }

    @Test
    void aTokenThatIsThereBeforeAnythingWasSyncedCountsAsHandled() {
        ResyncDecision decision = ResyncDecision.of(
                ResyncRecord.NONE, Optional.of(new ResyncRequest("a", Set.of("nonsense"))), FILLED, true);
        assertThat(decision.record()).isEqualTo(handled("a"));
        assertThat(decision.unknown()).isEmpty();
    }

    @Test
    void aFirstTokenAfterThatIsARequest() {
        assertThat(ask(ResyncRecord.NONE, "a").record())
                .isEqualTo(new ResyncRecord(null, "a", Set.of(), FILLED, Set.of(), null));
    }

    @Test
    void anotherTokenIsARequestForAllTablesOrForSome() {
        assertThat(ask(handled("a"), "b").record().left()).isEqualTo(FILLED);
        ResyncDecision some = ask(handled("a"), "b", "refund");
        assertThat(some.record().left()).containsExactly("refund");
        assertThat(some.endsPasses(handled("a"))).isTrue();
    }

    @Test
    void theHandledTokenAsksForNothingWhateverItsTables() {
        ResyncDecision decision = ask(handled("a"), "a", "gone");
        assertThat(decision.record()).isEqualTo(handled("a"));
        assertThat(decision.unknown()).isEmpty();
    }

    @Test
    void theRequestUnderWayGoesOn() {
        ResyncRecord recorded = doing("b", Set.of(), Set.of("charge"));
        assertThat(ask(recorded, "b")).isEqualTo(new ResyncDecision(recorded, Set.of()));
        assertThat(ask(recorded, "b").endsPasses(recorded)).isFalse();
    }

    @Test
    void aTableThatIsNotFilledAnyMoreDropsOutOfIt() {
        assertThat(ask(doing("b", Set.of(), Set.of("charge", "dropped")), "b")
                        .record()
                        .left())
                .containsExactly("charge");
        assertThat(ask(doing("b", Set.of(), Set.of("dropped")), "b").record()).isEqualTo(handled("b"));
    }

    @Test
    void anotherTokenOrOtherTablesInTheMiddleBeginAnew() {
        ResyncRecord recorded = doing("b", Set.of(), Set.of("charge"));
        assertThat(ask(recorded, "c").record().left()).isEqualTo(FILLED);
        assertThat(ask(recorded, "c").endsPasses(recorded)).isTrue();
        assertThat(ask(recorded, "b", "refund").record().left()).containsExactly("refund");
        assertThat(ask(recorded, "b", "refund").endsPasses(recorded)).isTrue();
    }

    @Test
    void aRequestThatIsTakenBackEndsAndIsNotHandled() {
        ResyncRecord recorded = doing("b", Set.of(), Set.of("charge"));
        ResyncDecision decision = ResyncDecision.of(recorded, Optional.empty(), FILLED, false);
        assertThat(decision.record()).isEqualTo(handled("old"));
        assertThat(decision.endsPasses(recorded)).isTrue();
    }

    @Test
    void aRequestForATableThatIsNotFilledDoesNotBegin() {
        ResyncDecision decision = ask(handled("a"), "b", "charge", "invoise");
        assertThat(decision.unknown()).containsExactly("invoise");
        assertThat(decision.record()).isEqualTo(handled("a"));
    }

    @Test
    void aRequestIsHandledWhenItsLastTableIsDone() {
        ResyncRecord recorded = ask(handled("a"), "b").record();
        assertThat(recorded.without(Set.of("charge")).handled()).isEqualTo("a");
        assertThat(recorded.without(Set.of("charge")).without(Set.of("refund"))).isEqualTo(handled("b"));
    }
}
