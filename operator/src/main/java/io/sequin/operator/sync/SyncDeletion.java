package io.sequin.operator.sync;

import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.Announcement;
import io.sequin.operator.kube.EventRecorder;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.Reschedule;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.StatusWrites;
import io.sequin.operator.kube.Text;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a Sync's deletion up while its data is being dropped, and only then. Carries out {@link DeletionDecision}; the
 * dropping itself is a loop's.
 */
final class SyncDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(SyncDeletion.class);
    private static final Duration USUAL = Duration.ofSeconds(15);
    private static final Duration ENDING = Duration.ofMillis(300);

    /** Uids of Syncs whose data was said to stay: the finalizer can be seen for a moment after it was taken away. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private final SyncWork work;
    private final StatusWrites<Sync, SyncStatus> statuses;
    private final Finalizers finalizers;
    private final EventRecorder recorder;
    private final String cluster;
    private final Clock clock;

    SyncDeletion(
            SyncWork work,
            StatusWrites<Sync, SyncStatus> statuses,
            Finalizers finalizers,
            EventRecorder recorder,
            String cluster,
            Clock clock) {
        this.work = work;
        this.statuses = statuses;
        this.finalizers = finalizers;
        this.recorder = recorder;
        this.cluster = cluster;
        this.clock = clock;
    }

    /**
     * Before a loop may write: sees to it that a Sync whose data is to go can't go without us, and that one whose data
     * is to stay can.
     *
     * @return false where the Sync is gone or going meanwhile: then nothing is to be begun
     */
    boolean prepare(Sync sync, SyncDecision decision) {
        boolean has = sync.hasFinalizer(Finalizers.DELETE_DATA);
        if (!sync.getSpec().deletesData()) {
            if (has) {
                finalizers.remove(sync, Finalizers.DELETE_DATA);
            }
            return true;
        }
        return has || !mayHaveData(sync, decision) || finalizers.add(sync, Finalizers.DELETE_DATA);
    }

    private static boolean mayHaveData(Sync sync, SyncDecision decision) {
        return DeletionDecision.tookSchema(sync)
                || decision instanceof SyncDecision.Run
                || decision instanceof SyncDecision.Keep;
    }

    UpdateControl<Sync> reconcile(Sync sync, Optional<Destination> destination) {
        ResourceKey key = Resources.key(sync);
        Instant now = clock.instant();
        var removal = work.snapshot(key)
                .filter(v -> v.plan().work() == SyncPlan.Work.DROP)
                .flatMap(v -> v.snapshot().removal());
        return switch (DeletionDecision.of(sync, destination, cluster, removal, now)) {
            case DeletionDecision.Gone gone -> {
                told.remove(key.uid());
                work.end(key);
                yield UpdateControl.noUpdate();
            }
            case DeletionDecision.Retain retain -> retain(sync, key);
            case DeletionDecision.Drop drop -> {
                work.run(key, drop.plan());
                yield tell(sync, drop.problem(), drop.until(), now);
            }
            case DeletionDecision.Wait wait -> {
                work.stop(key);
                yield tell(sync, Optional.of(wait.problem()), wait.until(), now);
            }
            case DeletionDecision.LetGo letGo -> {
                letGo.left().filter(left -> told.add(key.uid())).ifPresent(left -> leftBehind(sync, left, now));
                finalizers.remove(sync, Finalizers.DELETE_DATA);
                yield UpdateControl.noUpdate();
            }
        };
    }

    /** A loop that drops is ended before anybody is told that the data stays. */
    private UpdateControl<Sync> retain(Sync sync, ResourceKey key) {
        work.end(key);
        if (work.isThere(key)) {
            return UpdateControl.<Sync>noUpdate().rescheduleAfter(ENDING);
        }
        finalizers.remove(sync, Finalizers.DELETE_DATA);
        return UpdateControl.noUpdate();
    }

    private UpdateControl<Sync> tell(Sync sync, Optional<Problem> problem, Instant until, Instant now) {
        SyncStatus last = statuses.last(sync.getMetadata().getUid())
                .map(StatusWrites.Written::status)
                .or(() -> Optional.ofNullable(sync.getStatus()))
                .orElse(SyncView.NO_STATUS);
        SyncStatus next = DeletionStatus.of(
                last, Resources.generation(sync), sync.getSpec().schema(), problem, until, now);
        statuses.write(sync, next, now);
        return UpdateControl.<Sync>noUpdate().rescheduleAfter(Reschedule.after(USUAL, Optional.of(until), now));
    }

    private void leftBehind(Sync sync, DeletionDecision.Left left, Instant now) {
        String reason = SyncReason.SCHEMA_LEFT_BEHIND.text();
        LOG.warn("{}: {} {}", reason, left.words(), left.cure().sql());
        recorder.recordLast(
                sync,
                Announcement.warning(reason, Text.note(left.words(), left.cure().sql())),
                now);
    }
}
