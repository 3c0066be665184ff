package io.sequin.engine.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Checkpoint;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import io.sequin.engine.trouble.Retry;
import io.sequin.loop.Backoff;
import io.sequin.postgres.load.ResyncState;
import io.sequin.source.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResyncsTest {
    private static final Scope.Since SINCE = new Scope.Since("created", Instant.parse("2020-01-01T00:00:00Z"));
    private static final Scope.Parent PARENT = new Scope.Parent("invoice", "invoice");

    private static Resyncs resyncs(Map<String, Instant> foreign) {
        Lane lane = new Lane(
                new LaneId("backfill:invoice"),
                Lane.Kind.FIRST_PASS,
                Set.of("invoice", "line"),
                new Checkpoint(Json.of("{}")),
                Duration.ZERO,
                Map.of(
                        "invoice", new Scope(Optional.empty(), Optional.of(SINCE)),
                        "line", new Scope(Optional.of(PARENT), Optional.of(SINCE))),
                false);
        ResyncState state =
                new ResyncState(Optional.empty(), Optional.empty(), Set.of("invoice", "line"), Set.of(), foreign);
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
        return Resyncs.of(state, List.of(lane), DeleteGuard.USUAL, () -> new Retry(backoff, new Random(1)));
    }

    @Test
    void whatMayBeAnotherAccountsGoesAlsoOutsideOfWhatIsListedAndChildrenStillGoWithTheirParents() {
        Instant taken = Instant.parse("2026-01-01T00:00:00Z");
        Resyncs resyncs = resyncs(Map.of("invoice", taken, "line", taken));
        assertThat(resyncs.scopes().values()).allMatch(scope -> scope.ownSince().equals(Optional.of(taken)));
        assertThat(resyncs.withChildren("invoice")).containsExactly("invoice", "line");
    }

    @Test
    void elseOnlyWhatIsListedIsACandidate() {
        assertThat(resyncs(Map.of()).scopes().values())
                .allMatch(scope -> scope.since().equals(Optional.of(SINCE))
                        && scope.ownSince().isEmpty());
    }
}
