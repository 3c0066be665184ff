package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.line;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.SyncSourceStatus;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.SpecProblem;
import io.sequin.operator.kube.StatusWrites;
import io.sequin.postgres.PostgresProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncStatusProjectionTest {
    private static final SyncDecision RUN =
            SyncDecision.of(SyncSamples.sync(null), Optional.of(SyncSamples.destination("True", 1)), "cluster", false);
    private static final SyncDecision SUSPEND = new SyncDecision.Suspend(Optional.empty());
    private static final SyncSnapshot LIVE = reached(true, Optional.of(T0), table("charge", TableState.LIVE));

    private static final ResourceKey KEY = Resources.key(SyncSamples.sync(null));

    private static SyncStatus project(SyncView view) {
        return SyncStatusProjection.project(view, T0).status();
    }

    private static Optional<StatusWrites.Written<SyncStatus>> written(SyncStatus status) {
        return Optional.of(new StatusWrites.Written<>(KEY, status, T0, new StatusWrites.Answer("7", "digest")));
    }

    private static SyncStatus live() {
        return project(view(RUN, Optional.of(LIVE), true, SyncView.NO_STATUS));
    }

    @Test
    void everyConditionIsThereOnceTheLoopHasPublished() {
        assertThat(live().conditions())
                .extracting(c -> c.type() + "=" + c.status() + "/" + c.reason())
                .containsExactly(
                        "Ready=True/Live",
                        "DestinationReady=True/Connected",
                        "SourceReady=True/Reachable",
                        "SchemaReady=True/Claimed",
                        "BackfillComplete=True/Complete",
                        "UpToDate=True/Live");
    }

    @Test
    void afterTheFirstPassesItSaysWhereRowsThatChangedMeanwhileAreStillFetched() {
        TableProgress behind =
                new TableProgress("charge", TableState.BACKFILLING, true, 10, Optional.of(T0), Optional.empty());
        SyncStatus status = project(view(
                RUN,
                Optional.of(reached(true, Optional.of(T0), behind, table("refund", TableState.LIVE))),
                true,
                SyncView.NO_STATUS));
        assertThat(status.conditions())
                .filteredOn(c -> c.type().equals("UpToDate"))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.status()).isEqualTo("False");
                    assertThat(c.message())
                            .isEqualTo(
                                    "The first pass is done for 2 of 2 tables. Rows that changed meanwhile are being fetched:"
                                            + " charge.");
                });
    }

    @Test
    void theFieldsBesideTheConditionsSayHowFarItIs() {
        SyncStatus status = live();
        assertThat(status.source()).isEqualTo(new SyncSourceStatus("Stripe", "acct_1"));
        assertThat(status.schema()).isEqualTo("stripe");
        assertThat(status.storageId()).isEqualTo("storage-1");
        assertThat(status.tables()).containsExactly(new TableStatus("charge", "Live", 10L, 100L, T0, null));
        assertThat(status.tablesTotal()).isEqualTo(1);
        assertThat(status.tablesLive()).isEqualTo("1/1");
        assertThat(status.rows()).isEqualTo(10);
        assertThat(status.lastChangeTime()).isEqualTo(T0);
    }

    @Test
    void withoutASnapshotANewGenerationIsStarting() {
        SyncStatus status = project(view(RUN, Optional.empty(), true, SyncView.NO_STATUS));
        assertThat(status.observedGeneration()).isNull();
        assertThat(line(status, "Ready")).isEqualTo("Unknown Starting");
        assertThat(line(status, "Reconciling")).isEqualTo("True Starting");
    }

    @Test
    void afterARestartOfTheOperatorTheStatusStaysUntilTheLoopHasPublished() {
        assertThat(project(view(RUN, Optional.empty(), true, live()))).isEqualTo(live());
    }

    @Test
    void itIsSuspendedOnlyWhenTheLoopHasEnded() {
        SyncStatus ending = project(view(SUSPEND, Optional.empty(), true, SyncView.NO_STATUS));
        assertThat(line(ending, "Ready")).isEqualTo("Unknown Stopping");
        assertThat(ending.observedGeneration()).isNull();
        SyncStatus ended = project(view(SUSPEND, Optional.empty(), false, live()));
        assertThat(line(ended, "Ready")).isEqualTo("True Suspended");
        assertThat(line(ended, "UpToDate")).isEqualTo("False Suspended");
        assertThat(line(ended, "BackfillComplete")).isEqualTo("True Complete");
        assertThat(line(ended, "Reconciling")).isEmpty();
        assertThat(ended.tables()).isEqualTo(live().tables());
    }

    @Test
    void itWaitsForAMissingDestinationAndNeverStalls() {
        SyncDecision await = SyncDecision.of(SyncSamples.sync(null), Optional.empty(), "cluster", false);
        SyncView missing = new SyncView(
                1,
                "stripe",
                "stripe",
                Duration.ofSeconds(10),
                await,
                Optional.empty(),
                Optional.empty(),
                false,
                SyncView.NO_STATUS);
        SyncStatus status =
                SyncStatusProjection.project(missing, T0.plusSeconds(86_400)).status();
        assertThat(line(status, "Ready")).isEqualTo("False DestinationNotFound");
        assertThat(line(status, "DestinationReady")).isEqualTo("False DestinationNotFound");
        assertThat(line(status, "Reconciling")).isEqualTo("True DestinationNotFound");
        assertThat(line(status, "Stalled")).isEmpty();
    }

    @Test
    void whenTheDestinationCameUpItIsStartingUntilTheLoopHasPublished() {
        SyncDecision await =
                SyncDecision.of(SyncSamples.sync(null), Optional.of(SyncSamples.destination("False", 1)), "c", false);
        SyncStatus waited = project(view(await, Optional.empty(), false, SyncView.NO_STATUS));
        SyncStatus starting = project(view(RUN, Optional.empty(), true, waited));
        assertThat(line(starting, "Ready")).isEqualTo("Unknown Starting");
    }

    @Test
    void everyConditionSaysWhatKeepsItWaitingNow() {
        SyncDecision await = SyncDecision.of(SyncSamples.sync(null), Optional.empty(), "c", false);
        SyncStatus missing = project(view(await, Optional.empty(), false, SyncView.NO_STATUS));
        SyncDecision failed =
                SyncDecision.of(SyncSamples.sync(null), Optional.of(SyncSamples.destination("False", 1)), "c", false);
        SyncStatus status = project(view(failed, Optional.empty(), false, missing));
        assertThat(line(status, "BackfillComplete")).isEqualTo("Unknown DestinationNotReady");
    }

    @Test
    void aSpecFromTheFutureIsStalledAtOnce() {
        SyncDecision refuse = new SyncDecision.Refuse(Problem.of(SpecProblem.INVALID_SPEC, "Update the operator."));
        SyncStatus status = project(view(refuse, Optional.empty(), false, SyncView.NO_STATUS));
        assertThat(line(status, "Ready")).isEqualTo("False InvalidSpec");
        assertThat(line(status, "Stalled")).isEqualTo("True InvalidSpec");
        assertThat(status.observedGeneration()).isEqualTo(1);
    }

    @Test
    void instructionsComeFromEveryProblem() {
        Problem grants = Problem.of(
                PostgresProblem.MISSING_GRANTS, "No right.", new Instruction("Grant", "owner", "grant usage"));
        SyncSnapshot snapshot = SyncSamples.with(LIVE, Optional.empty(), Optional.empty(), Optional.of(grants));
        assertThat(project(view(RUN, Optional.of(snapshot), true, live())).instructions())
                .containsExactly(new io.sequin.api.v1alpha1.Instruction("Grant", "owner", "grant usage"));
    }

    @Test
    void aTableOfAProductThatTheAccountDoesNotHaveIsListedAndNotWaitedFor() {
        SyncSnapshot snapshot =
                reached(true, Optional.of(T0), SyncSamples.notOffered("b"), table("a", TableState.LIVE));
        SyncStatus status = project(view(RUN, Optional.of(snapshot), true, SyncView.NO_STATUS));
        assertThat(status.tables())
                .extracting("name", "state")
                .containsExactly(tuple("b", "NotOffered"), tuple("a", "Live"));
        assertThat(status.tablesTotal()).isEqualTo(2);
        assertThat(status.tablesLive()).isEqualTo("1/1");
        assertThat(Conditions.find(status.conditions(), "BackfillComplete").map(Condition::status))
                .contains("True");
    }

    @Test
    void unhealthyTablesComeFirstAndAtMostTwoHundredAreListed() {
        Problem rejected = Problem.of(PostgresProblem.RECORD_REJECTED, "x".repeat(2000));
        List<TableProgress> tables = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            tables.add(table("t" + i, TableState.LIVE));
        }
        tables.add(SyncSamples.failing("bad", rejected));
        SyncSnapshot snapshot = reached(true, Optional.of(T0), tables.toArray(TableProgress[]::new));
        SyncStatus status = project(view(RUN, Optional.of(snapshot), true, SyncView.NO_STATUS));
        assertThat(status.tables()).hasSize(200);
        assertThat(status.tables().getFirst().name()).isEqualTo("bad");
        assertThat(status.tables().getFirst().message()).hasSizeLessThanOrEqualTo(512);
        assertThat(status.tables().get(1).name()).isEqualTo("t0");
        assertThat(status.tablesTotal()).isEqualTo(301);
        assertThat(status.tablesLive()).isEqualTo("300/301");
    }

    @Test
    void aStatusThatOnlyCountsIsHeldBackForFifteenSeconds() {
        SyncStatus before = live();
        TableProgress grown = new TableProgress("charge", TableState.LIVE, true, 11, Optional.of(T0), Optional.empty());
        SyncStatus counted = project(view(RUN, Optional.of(reached(true, Optional.of(T0), grown)), true, before));
        Optional<StatusWrites.Written<SyncStatus>> written = written(before);
        assertThat(Counters.heldUntil(written, counted, T0.plusSeconds(14))).contains(T0.plusSeconds(15));
        assertThat(Counters.heldUntil(written, counted, T0.plusSeconds(15))).isEmpty();
        assertThat(Counters.heldUntil(written, counted, T0.minusSeconds(3600)))
                .as("the clock was set back")
                .isEmpty();
        assertThat(Counters.heldUntil(Optional.empty(), counted, T0)).isEmpty();
    }

    @Test
    void aStatusThatSaysSomethingNewIsNotHeldBack() {
        SyncStatus suspended = project(view(SUSPEND, Optional.empty(), false, live()));
        Optional<StatusWrites.Written<SyncStatus>> written = written(live());
        assertThat(Counters.heldUntil(written, suspended, T0)).isEmpty();
    }

    @Test
    void countersAloneAreNoNews() {
        SyncNews changes = new SyncNews(new LoopEvents<>());
        TableProgress grown =
                new TableProgress("charge", TableState.LIVE, true, 99, Optional.of(Instant.MAX), Optional.empty());
        assertThat(changes.isNews(KEY, LIVE)).isTrue();
        assertThat(changes.isNews(KEY, reached(true, Optional.of(T0.plusSeconds(5)), grown)))
                .isFalse();
        assertThat(changes.isNews(KEY, reached(true, Optional.of(T0), table("charge", TableState.BACKFILLING))))
                .isTrue();
    }

    @Test
    void aDestinationThatIsNotReadyAnyMoreShowsWithoutStoppingALiveSync() {
        SyncView view = new SyncView(
                1,
                "stripe",
                "stripe",
                Duration.ofSeconds(10),
                RUN,
                Optional.of(SyncSamples.destination("False", 1)),
                Optional.of(LIVE),
                true,
                live());
        SyncStatus status = project(view);
        assertThat(line(status, "Ready")).isEqualTo("True Live");
        assertThat(line(status, "DestinationReady")).isEqualTo("False DestinationNotReady");
        assertThat(Conditions.find(status.conditions(), "DestinationReady")
                        .orElseThrow()
                        .message())
                .contains("Nobody listens");
    }
}
