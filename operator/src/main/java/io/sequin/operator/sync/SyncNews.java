package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.loop.Versioned;
import io.sequin.operator.kube.LoopEvents;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hears what the loops publish and asks for a reconcile where a snapshot says something new; one that only counts on
 * waits for the usual reconcile.
 */
public final class SyncNews implements Versioned.Published<ResourceKey, SyncSnapshot> {
    private final Map<ResourceKey, SyncSnapshot> last = new ConcurrentHashMap<>();
    private final LoopEvents<Sync> events;

    public SyncNews(LoopEvents<Sync> events) {
        this.events = events;
    }

    @Override
    public void published(ResourceKey key, SyncSnapshot snapshot) {
        if (isNews(key, snapshot)) {
            events.reconcileSoon(key);
        }
    }

    /** Whether this snapshot differs from the one before in more than its counters. */
    boolean isNews(ResourceKey key, SyncSnapshot snapshot) {
        SyncSnapshot now = withoutCounters(snapshot);
        return !now.equals(last.put(key, now));
    }

    void forget(ResourceKey key) {
        last.remove(key);
    }

    private static SyncSnapshot withoutCounters(SyncSnapshot s) {
        return new SyncSnapshot(
                s.destination(),
                s.source(),
                s.sourceReached(),
                s.schema(),
                s.schemaTaken(),
                s.account(),
                s.storageId(),
                s.committed(),
                s.tables().stream().map(SyncNews::withoutCounters).toList(),
                Optional.empty(),
                s.caughtUp().map(time -> Instant.EPOCH),
                0);
    }

    private static TableProgress withoutCounters(TableProgress t) {
        return new TableProgress(t.name(), t.state(), t.firstPassDone(), 0, Optional.empty(), t.problem());
    }
}
