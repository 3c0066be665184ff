package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.destination;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.RateLimit;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.api.v1alpha1.SyncTables;
import io.sequin.data.RateCeiling;
import io.sequin.data.TableSelection;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.SpecProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SyncPlansTest {
    @Test
    void aManifestThatSaysNothingMeansAllTablesAndNoCeiling() {
        SyncPlan plan = plan(null, null);
        assertThat(plan.tables()).isEqualTo(TableSelection.ALL);
        assertThat(plan.rate()).isEqualTo(RateCeiling.NONE);
    }

    @Test
    void tablesAreChosenByEitherList() {
        assertThat(plan(new SyncTables(List.of("customer", "charge"), List.of()), null)
                        .tables())
                .isEqualTo(new TableSelection(Set.of("customer", "charge"), Set.of()));
        assertThat(plan(new SyncTables(List.of(), List.of("event")), null).tables())
                .isEqualTo(new TableSelection(Set.of(), Set.of("event")));
    }

    @Test
    void bothListsAtOnceAreRefused() {
        SyncDecision decision = decide(new SyncTables(List.of("customer"), List.of("charge")), null);
        assertThat(decision)
                .isInstanceOfSatisfying(
                        SyncDecision.Refuse.class,
                        refuse -> assertThat(refuse.problem().code()).isEqualTo(SpecProblem.INVALID_SPEC));
    }

    @Test
    void aRateLimitBecomesACeiling() {
        assertThat(plan(null, new RateLimit(20, "1m", 4, 50)).rate())
                .isEqualTo(new RateCeiling(
                        OptionalInt.of(20), Optional.of(Duration.ofMinutes(1)), OptionalInt.of(4), OptionalInt.of(50)));
    }

    @Test
    void requestsWithoutAnIntervalAreASecondsAndAnIntervalAloneIsNothing() {
        assertThat(plan(null, new RateLimit(20, null, null, null)).rate().interval())
                .contains(Duration.ofSeconds(1));
        assertThat(plan(null, new RateLimit(null, null, 4, null)).rate().interval())
                .isEmpty();
    }

    private static SyncPlan plan(@Nullable SyncTables tables, @Nullable RateLimit rate) {
        return ((SyncDecision.Run) decide(tables, rate)).plan();
    }

    private static SyncDecision decide(@Nullable SyncTables tables, @Nullable RateLimit rate) {
        Sync sync = SyncSamples.sync(null);
        SyncSpec spec = sync.getSpec();
        sync.setSpec(new SyncSpec(
                spec.destinationRef(), spec.schema(), spec.source(), tables, null, rate, null, null, null));
        return SyncDecision.of(sync, Optional.of(destination("True", 1)), "cluster-1", false);
    }
}
