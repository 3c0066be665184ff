package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.loop.Loops;
import io.sequin.loop.StopReason;
import io.sequin.loop.Versioned;
import io.sequin.operator.kube.DestinationSettings;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.kube.SecretName;
import io.sequin.operator.kube.SecretWatches;
import io.sequin.operator.kube.StatusWrites;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The loops of Syncs with what belongs to each: its watches of Secrets and what is remembered of it. */
final class SyncWork {
    private final Loops<ResourceKey, SyncPlan, Versioned<SyncPlan, SyncSnapshot>> loops;
    private final SecretWatches secrets;
    private final StatusWrites<Sync, SyncStatus> statuses;
    private final LoopEvents<Sync> events;
    private final SyncNews news;
    private final StatusMemory memory;

    SyncWork(
            Loops<ResourceKey, SyncPlan, Versioned<SyncPlan, SyncSnapshot>> loops,
            SecretWatches secrets,
            StatusWrites<Sync, SyncStatus> statuses,
            LoopEvents<Sync> events,
            SyncNews news,
            StatusMemory memory) {
        this.loops = loops;
        this.secrets = secrets;
        this.statuses = statuses;
        this.events = events;
        this.news = news;
        this.memory = memory;
    }

    /** What the status says of its data set, for when the loop opens it. */
    void remember(ResourceKey key, SyncStatus status) {
        memory.remember(key, status);
    }

    /** A loop with this plan, woken when a Secret of it changes. */
    void run(ResourceKey key, SyncPlan plan) {
        Set<SecretName> names = new HashSet<>(DestinationSettings.secrets(plan.destination()));
        plan.source().credentials().values().forEach(ref -> names.add(SecretName.of(ref)));
        secrets.use(key, names, loops::wake);
        loops.apply(key, plan);
    }

    /** Lets the loop's next turn begin now. */
    void wake(ResourceKey key) {
        loops.wake(key);
    }

    /** A loop that does nothing. */
    void rest(ResourceKey key, SyncPlan plan) {
        secrets.release(key);
        events.stopped(key);
        loops.apply(key, plan);
    }

    /** Ends the loop; the claim on the schema stays, since the Sync does. */
    void stop(ResourceKey key) {
        secrets.release(key);
        events.stopped(key);
        loops.remove(key, StopReason.REPLACED);
        news.forget(key);
    }

    /** Ends the loop and lets go of the schema. */
    void end(ResourceKey key) {
        secrets.release(key);
        loops.remove(key, StopReason.REMOVED);
        news.forget(key);
    }

    /** The Sync is gone. */
    void gone(ResourceKey key) {
        end(key);
        statuses.forget(key.uid());
        memory.forget(key);
    }

    /** What the loop knows, with the plan it is about. */
    Optional<Versioned<SyncPlan, SyncSnapshot>> snapshot(ResourceKey key) {
        return loops.snapshot(key);
    }

    /** Whether there is a loop that works, or one that is still ending. */
    boolean runs(ResourceKey key) {
        boolean rests = loops.snapshot(key)
                .filter(v -> v.plan().work() == SyncPlan.Work.REST)
                .isPresent();
        return isThere(key) && !rests;
    }

    /** Whether there is a loop, or one that is still ending. */
    boolean isThere(ResourceKey key) {
        return loops.keys().contains(key);
    }
}
