package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.destination;
import static io.sequin.operator.sync.SyncSamples.line;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static io.sequin.operator.sync.SyncSamples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.Deletes;
import io.sequin.api.v1alpha1.DeletionPolicy;
import io.sequin.api.v1alpha1.NewColumns;
import io.sequin.api.v1alpha1.RateLimit;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.StripeSource;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncDeleteGuard;
import io.sequin.api.v1alpha1.SyncResync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.SyncTables;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.WriteRules;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a change of a Sync's spec does, row by row as the architecture page lists it. */
class WhatAChangeDoesTest {
    private static final SyncPlan BEFORE = plan(sync(null, "10s", null, null, null, null));

    private static Sync sync(
            @Nullable SyncTables tables,
            String pollInterval,
            @Nullable RateLimit rate,
            @Nullable DeletionPolicy policy,
            @Nullable String account,
            @Nullable String startDate) {
        Sync sync = SyncSamples.sync(null);
        SyncSpec spec = sync.getSpec();
        SyncSource source = new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key"), account, startDate));
        sync.setSpec(new SyncSpec(
                spec.destinationRef(), spec.schema(), source, tables, pollInterval, rate, null, policy, null));
        return sync;
    }

    private static SyncDecision decide(Sync sync) {
        return SyncDecision.of(sync, Optional.of(destination("True", 1)), "cluster-1", true);
    }

    private static SyncPlan plan(Sync sync) {
        return ((SyncDecision.Run) decide(sync)).plan();
    }

    private static SyncStatus status(SyncSnapshot snapshot) {
        return SyncStatusProjection.project(
                        view(new SyncDecision.Run(BEFORE), Optional.of(snapshot), true, SyncView.NO_STATUS), T0)
                .status();
    }

    @Test
    void aTableTakenOutIsLeftOutOfThePlanAndListedAsRetained() {
        SyncPlan after = plan(sync(new SyncTables(List.of(), List.of("charge")), "10s", null, null, null, null));
        assertThat(after.tables().has("charge")).isFalse();
        assertThat(after.tables().has("customer")).isTrue();
        SyncSnapshot live = reached(true, Optional.of(T0), table("customer", TableState.LIVE));
        SyncSnapshot without =
                new SyncSnapshot(live.troubles(), live.reached(), live.tables(), List.of("charge"), live.pace());
        assertThat(status(without).retainedTables()).containsExactly("charge");
        assertThat(status(without).tablesLive()).isEqualTo("1/1");
    }

    @Test
    void anotherStartDateOrAccountIsAnotherConfigurationOfTheSource() {
        assertThat(plan(sync(null, "10s", null, null, null, "2020-01-01"))
                        .source()
                        .settings())
                .isEqualTo("{\"startDate\":\"2020-01-01\"}");
        assertThat(plan(sync(null, "10s", null, null, "acct_2", null)).source().settings())
                .isEqualTo("{\"account\":\"acct_2\"}");
    }

    @Test
    void anAccountThatTheSchemaDoesNotBelongToIsToldAtTheSource() {
        Problem changed = Problem.of(SourceProblem.ACCOUNT_CHANGED, "The key belongs to another account.");
        SyncSnapshot live = reached(true, Optional.of(T0), table("customer", TableState.LIVE));
        SyncStatus status = status(with(live, Optional.empty(), Optional.of(changed), Optional.empty()));
        assertThat(line(status, "SourceReady")).isEqualTo("False AccountChanged");
        assertThat(line(status, "Ready")).isEqualTo("False AccountChanged");
    }

    @Test
    void suspendEndsTheWorkAndComingBackIsTheSamePlan() {
        Sync suspended = SyncSamples.sync(true);
        assertThat(decide(suspended))
                .isEqualTo(new SyncDecision.Suspend(
                        Optional.of(plan(SyncSamples.sync(null)).with(SyncPlan.Work.REST))));
        assertThat(plan(SyncSamples.sync(false))).isEqualTo(plan(SyncSamples.sync(null)));
    }

    @Test
    void pollIntervalAndRateLimitAreANewPlanForTheSameData() {
        SyncPlan slower = plan(sync(null, "1m", new RateLimit(5, null, null, null), null, null, null));
        assertThat(slower.pollInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(slower.rate().requests()).hasValue(5);
        assertThat(slower.owner()).isEqualTo(BEFORE.owner());
        assertThat(slower.source()).isEqualTo(BEFORE.source());
        assertThat(slower.tables()).isEqualTo(BEFORE.tables());
    }

    @Test
    void deletesBeginsTheLoopAgainWithTheNewRule() {
        Sync sync = sync(null, "10s", null, null, null, null);
        SyncSpec spec = sync.getSpec();
        sync.setSpec(new SyncSpec(
                spec.destinationRef(),
                spec.schema(),
                spec.source(),
                null,
                spec.pollInterval(),
                null,
                Deletes.SOFT,
                null,
                null,
                null,
                null,
                null));
        assertThat(BEFORE.rules()).isEqualTo(WriteRules.USUAL);
        assertThat(plan(sync).rules()).isEqualTo(new WriteRules(io.sequin.data.Deletes.SOFT));
    }

    @Test
    void aResyncTokenOrAConfirmationBeginsTheLoopAgain() {
        Sync sync = sync(null, "10s", null, null, null, null);
        SyncSpec spec = sync.getSpec();
        sync.setSpec(new SyncSpec(
                spec.destinationRef(),
                spec.schema(),
                spec.source(),
                null,
                spec.pollInterval(),
                null,
                null,
                null,
                new SyncResync("2026-11-22", List.of("charge")),
                new SyncDeleteGuard(null, "charge-7f3a"),
                null,
                null));
        assertThat(BEFORE.resync()).isEqualTo(ResyncPlan.NONE);
        assertThat(plan(sync).resync())
                .isEqualTo(new ResyncPlan(
                        Optional.of(new ResyncRequest("2026-11-22", Set.of("charge"))),
                        new DeleteGuard(30, Optional.of("charge-7f3a"))));
    }

    @Test
    void newColumnsBeginsTheLoopAgainAndSelectsTheSameTables() {
        SyncPlan after =
                plan(sync(new SyncTables(List.of(), List.of(), NewColumns.IGNORE), "10s", null, null, null, null));
        assertThat(after.rules().newColumns()).isEqualTo(io.sequin.data.NewColumns.IGNORE);
        assertThat(after.tables()).isEqualTo(BEFORE.tables());
    }

    @Test
    void deletionPolicyInterruptsNothing() {
        assertThat(plan(sync(null, "10s", null, DeletionPolicy.DELETE, null, null)))
                .isEqualTo(BEFORE);
    }
}
