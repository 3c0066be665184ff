package io.sequin.app;

import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.loop.LoopFactory;
import io.sequin.loop.LoopListener;
import io.sequin.loop.LoopSettings;
import io.sequin.loop.RunPermit;
import io.sequin.loop.SupervisedLoops;
import io.sequin.loop.Versioned;
import io.sequin.observability.LoopsState;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.sync.StatusMemory;
import io.sequin.operator.sync.SyncNews;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loops of both kinds. */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    /** A turn that shows no sign of life for so long hangs. */
    private static final Duration HANGS = Duration.ofMinutes(30);

    private final SupervisedLoops<ResourceKey, DestinationPlan, Versioned<DestinationPlan, DestinationSnapshot>>
            destinations;
    private final SupervisedLoops<ResourceKey, SyncPlan, Versioned<SyncPlan, SyncSnapshot>> syncs;

    /** How loops tell the reconcilers of themselves, and what those remember for them. */
    record Events(LoopEvents<Destination> destinations, LoopEvents<Sync> syncs, SyncNews news, StatusMemory memory) {
        static Events create() {
            LoopEvents<Sync> syncs = new LoopEvents<>();
            return new Events(new LoopEvents<>(), syncs, new SyncNews(syncs), new StatusMemory());
        }
    }

    Workers(
            LoopFactory<ResourceKey, DestinationPlan, DestinationSnapshot> verify,
            LoopFactory<ResourceKey, SyncPlan, SyncSnapshot> sync,
            RunPermit permit,
            Events events,
            Clock clock,
            RandomGenerator random) {
        destinations = new SupervisedLoops<>(
                Versioned.factory(
                        verify, (key, snapshot) -> events.destinations().reconcileSoon(key)),
                permit,
                health(events.destinations()),
                LoopSettings.of("destination", clock, random, key -> logContext("Destination", key)));
        syncs = new SupervisedLoops<>(
                Versioned.factory(sync, events.news()),
                permit,
                health(events.syncs()),
                LoopSettings.of("sync", clock, random, key -> logContext("Sync", key)));
    }

    SupervisedLoops<ResourceKey, DestinationPlan, Versioned<DestinationPlan, DestinationSnapshot>> destinations() {
        return destinations;
    }

    SupervisedLoops<ResourceKey, SyncPlan, Versioned<SyncPlan, SyncSnapshot>> syncs() {
        return syncs;
    }

    /** What each running Sync knows of itself. */
    Map<ResourceKey, SyncSnapshot> snapshots() {
        Map<ResourceKey, SyncSnapshot> snapshots = new HashMap<>();
        for (ResourceKey key : syncs.keys()) {
            syncs.snapshot(key).ifPresent(v -> snapshots.put(key, v.snapshot()));
        }
        return snapshots;
    }

    /** The loops by kind. */
    List<LoopsState> states() {
        return List.of(state("Destination", destinations), state("Sync", syncs));
    }

    private static LoopsState state(String kind, SupervisedLoops<ResourceKey, ?, ?> loops) {
        return new LoopsState(kind, loops.keys().size(), loops.stuck(HANGS).size(), loops.crashes());
    }

    /** Whether there are loops and every one of them hangs. */
    boolean allHang() {
        int all = destinations.keys().size() + syncs.keys().size();
        return all > 0 && destinations.stuck(HANGS).size() + syncs.stuck(HANGS).size() >= all;
    }

    /** Lets what is under way end, or rolls it back; all within the deadline. */
    void drain(Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            boolean ended = syncs.drain(deadline);
            ended &= destinations.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            if (!ended) {
                LOG.warn("some loops did not end in time; what they had under way is rolled back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LoopListener<ResourceKey> health(LoopEvents<?> events) {
        return new LoopListener<>() {
            @Override
            public void changed(ResourceKey key) {
                // the factory's wrapper tells it, together with the plan
            }

            @Override
            public void worked(ResourceKey key) {
                events.worked(key);
            }

            @Override
            public void crashed(ResourceKey key, Throwable error, int consecutive) {
                events.crashed(key, consecutive);
            }
        };
    }

    /** The keys that JOSDK uses in its own threads. */
    private static Map<String, String> logContext(String kind, ResourceKey key) {
        return Map.of("resource.kind", kind, "resource.namespace", key.namespace(), "resource.name", key.name());
    }
}
