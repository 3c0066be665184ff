package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import io.sequin.loop.Versioned;
import io.sequin.operator.kube.LoopEvents;
import java.util.Map;
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
        SyncSnapshot now = snapshot.material();
        return !now.equals(last.put(key, now));
    }

    void forget(ResourceKey key) {
        last.remove(key);
    }
}
