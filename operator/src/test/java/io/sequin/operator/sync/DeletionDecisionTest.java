package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.destination;
import static io.sequin.operator.sync.SyncSamples.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.DeletionPolicy;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.engine.Removal;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.Text;
import io.sequin.operator.sync.DeletionDecision.Drop;
import io.sequin.operator.sync.DeletionDecision.Gone;
import io.sequin.operator.sync.DeletionDecision.LetGo;
import io.sequin.operator.sync.DeletionDecision.Retain;
import io.sequin.operator.sync.DeletionDecision.Wait;
import io.sequin.postgres.PostgresProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeletionDecisionTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Problem REFUSED = Problem.of(PostgresProblem.CONNECTION_REFUSED, "Nobody listens.");

    private static Sync deleted(DeletionPolicy policy) {
        Sync sync = SyncSamples.sync(null);
        SyncSpec spec = sync.getSpec();
        sync.setSpec(new SyncSpec(
                spec.destinationRef(), spec.schema(), spec.source(), null, null, null, null, policy, "2m"));
        sync.addFinalizer(Finalizers.DELETE_DATA);
        sync.getMetadata().setDeletionTimestamp(T0.toString());
        sync.setStatus(status("storage-1"));
        return sync;
    }

    private static SyncStatus status(@Nullable String storageId) {
        return new SyncStatus(
                1L, List.of(), null, "stripe", storageId, List.of(), List.of(), null, null, null, null, List.of());
    }

    private static DeletionDecision decide(Sync sync, Optional<Destination> destination, Removal removal, Instant now) {
        return DeletionDecision.of(sync, destination, "cluster-1", Optional.of(removal), now);
    }

    private static DeletionDecision first(Sync sync, Optional<Destination> destination, Instant now) {
        return DeletionDecision.of(sync, destination, "cluster-1", Optional.empty(), now);
    }

    private static Removal trying(Instant since) {
        return new Removal.Trying(since, Optional.of(REFUSED));
    }

    @Test
    void aLoopDropsTheDataWhereThePolicySaysSo() {
        assertThat(first(deleted(DeletionPolicy.DELETE), Optional.of(destination("True", 1)), T0))
                .isInstanceOfSatisfying(Drop.class, drop -> {
                    assertThat(drop.plan().work()).isEqualTo(SyncPlan.Work.DROP);
                    assertThat(drop.plan().owner().sync().uid()).isEqualTo("u1");
                    assertThat(drop.until()).isEqualTo(T0.plus(TIMEOUT));
                });
    }

    @Test
    void aDestinationThatIsNotReadyOrASourceFromTheFutureDoesNotMatter() {
        Sync sync = deleted(DeletionPolicy.DELETE);
        SyncSpec spec = sync.getSpec();
        sync.setSpec(new SyncSpec(
                spec.destinationRef(),
                spec.schema(),
                new SyncSource(null),
                null,
                null,
                null,
                true,
                DeletionPolicy.DELETE,
                null));
        assertThat(first(sync, Optional.of(destination("False", 0)), T0)).isInstanceOf(Drop.class);
    }

    @Test
    void withoutOurFinalizerNothingIsHeldUp() {
        Sync sync = deleted(DeletionPolicy.DELETE);
        sync.removeFinalizer(Finalizers.DELETE_DATA);
        assertThat(first(sync, Optional.of(destination("True", 1)), T0)).isInstanceOf(Gone.class);
    }

    @Test
    void aPolicyChangedToRetainLetsGoAndSoDoesOneThatThisVersionDoesNotKnow() {
        assertThat(decide(deleted(DeletionPolicy.RETAIN), Optional.of(destination("True", 1)), trying(T0), T0))
                .isInstanceOf(Retain.class);
        assertThat(first(deleted(DeletionPolicy.UNKNOWN), Optional.of(destination("True", 1)), T0))
                .isInstanceOf(Retain.class);
    }

    @Test
    void aDroppedSchemaLetsGoWithoutAWord() {
        assertThat(decide(
                        deleted(DeletionPolicy.DELETE),
                        Optional.of(destination("True", 1)),
                        new Removal.Done(Optional.empty()),
                        T0))
                .isEqualTo(new LetGo(Optional.empty()));
    }

    @Test
    void whatHadToStayIsTold() {
        Instruction cure = new Instruction("Drop the rest", "sequin", "drop table \"s\".\"a\";");
        Removal done = new Removal.Done(Optional.of(new Removal.Left("Table a stays.", cure)));
        assertThat(decide(deleted(DeletionPolicy.DELETE), Optional.empty(), done, T0))
                .isEqualTo(new LetGo(Optional.of(new DeletionDecision.Left("Table a stays.", cure))));
    }

    @Test
    void aDestinationOrSecretThatIsGoneLetsGoAtOnceAndTheStatementIsTold() {
        for (DeletionDecision decision : List.of(
                first(deleted(DeletionPolicy.DELETE), Optional.empty(), T0),
                decide(
                        deleted(DeletionPolicy.DELETE),
                        Optional.of(destination("True", 1)),
                        new Removal.Hopeless(REFUSED),
                        T0))) {
            assertThat(decision).isInstanceOfSatisfying(LetGo.class, letGo -> {
                DeletionDecision.Left left = letGo.left().orElseThrow();
                assertThat(left.cure().sql()).contains("drop schema \"stripe\";");
                assertThat(left.words()).contains("left behind");
            });
        }
    }

    @Test
    void aSchemaThatThisSyncNeverTookIsLetGoWithoutAStatement() {
        Sync neverWritten = deleted(DeletionPolicy.DELETE);
        neverWritten.setStatus(null);
        Sync conflict = deleted(DeletionPolicy.DELETE);
        conflict.setStatus(status(null));
        Optional<Destination> destination = Optional.of(destination("True", 1));
        for (Sync sync : List.of(neverWritten, conflict)) {
            for (DeletionDecision decision : List.of(
                    first(sync, Optional.empty(), T0),
                    decide(sync, destination, new Removal.Hopeless(REFUSED), T0),
                    decide(sync, destination, trying(T0), T0.plus(TIMEOUT)))) {
                assertThat(decision).isEqualTo(new LetGo(Optional.empty()));
            }
        }
    }

    @Test
    void theStatementIsForThisUidOnlyAndFitsAnEvent() {
        Sync sync = deleted(DeletionPolicy.DELETE);
        sync.getMetadata().setUid("0b3f2f0e-5b0f-4d0e-9c4e-2f6b1d7a8c9d");
        SyncSpec spec = sync.getSpec();
        sync.setSpec(new SyncSpec(
                spec.destinationRef(),
                "s".repeat(63),
                spec.source(),
                null,
                null,
                null,
                null,
                DeletionPolicy.DELETE,
                null));
        assertThat(first(sync, Optional.empty(), T0)).isInstanceOfSatisfying(LetGo.class, letGo -> {
            DeletionDecision.Left left = letGo.left().orElseThrow();
            assertThat(left.cure().sql()).contains("owner->>'uid' = '0b3f2f0e-5b0f-4d0e-9c4e-2f6b1d7a8c9d'");
            assertThat(Text.note(left.words(), left.cure().sql()))
                    .endsWith(left.cure().sql());
        });
    }

    @Test
    void anUnreachableDatabaseIsTriedUntilTheTimeIsOver() {
        Sync sync = deleted(DeletionPolicy.DELETE);
        Optional<Destination> destination = Optional.of(destination("True", 1));
        Instant due = T0.plus(TIMEOUT);
        assertThat(decide(sync, destination, trying(T0), due.minusMillis(1)))
                .isInstanceOfSatisfying(
                        Drop.class, drop -> assertThat(drop.problem()).contains(REFUSED));
        assertThat(decide(sync, destination, trying(T0), due))
                .isInstanceOfSatisfying(
                        LetGo.class,
                        letGo -> assertThat(letGo.left().orElseThrow().words())
                                .contains("Nobody listens. To drop it, run:"));
    }

    @Test
    void anOperatorThatStartsAfterTheTimeIsOverTriesAllTheSame() {
        Sync sync = deleted(DeletionPolicy.DELETE);
        Optional<Destination> destination = Optional.of(destination("True", 1));
        Instant late = T0.plus(Duration.ofHours(1));
        assertThat(first(sync, destination, late)).isInstanceOf(Drop.class);
        assertThat(decide(sync, destination, trying(late), late.plusSeconds(29)))
                .isInstanceOf(Drop.class);
        assertThat(decide(sync, destination, trying(late), late.plusSeconds(30)))
                .isInstanceOf(LetGo.class);
    }

    @Test
    void aDestinationThatCannotBeReadIsWaitedForAsLong() {
        Destination future = destination("True", 1);
        future.setSpec(new DestinationSpec(null, null));
        Sync sync = deleted(DeletionPolicy.DELETE);
        assertThat(first(sync, Optional.of(future), T0)).isInstanceOf(Wait.class);
        assertThat(first(sync, Optional.of(future), T0.plus(TIMEOUT))).isInstanceOf(LetGo.class);
    }

    private static @Nullable String ready(SyncStatus status) {
        return status.conditions().getFirst().message();
    }

    @Test
    void theStatusSaysWhatTheDeletionWaitsForAndUntilWhen() {
        SyncStatus begun = DeletionStatus.of(SyncView.NO_STATUS, 2, "stripe", Optional.empty(), T0.plus(TIMEOUT), T0);
        assertThat(line(begun, "Ready")).isEqualTo("Unknown Deleting");
        assertThat(line(begun, "Reconciling")).isEqualTo("True Deleting");
        Problem locked = Problem.of(
                PostgresProblem.MISSING_GRANTS, "No rights", new Instruction("Give", "owner", "grant x to y;"));
        assertThat(ready(DeletionStatus.of(begun, 2, "stripe", Optional.of(locked), T0.plus(TIMEOUT), T0)))
                .contains("It is tried again until", "not known to have data")
                .doesNotContain("left behind");
        SyncStatus waits =
                DeletionStatus.of(status("storage-1"), 2, "stripe", Optional.of(locked), T0.plus(TIMEOUT), T0);
        assertThat(line(waits, "Ready")).isEqualTo("False Deleting");
        assertThat(line(waits, "SchemaReady")).isEqualTo("False MissingGrants");
        assertThat(waits.conditions().getFirst().message())
                .contains(
                        "No rights. It is tried again until 10:02:00 UTC",
                        "is left behind",
                        "set spec.deletionPolicy to Retain");
        assertThat(waits.instructions()).hasSize(1);
        assertThat(waits.observedGeneration()).isEqualTo(2);
    }
}
