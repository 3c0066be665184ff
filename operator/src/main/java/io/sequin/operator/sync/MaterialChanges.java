package io.sequin.operator.sync;

import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tells snapshots that say something new from those that only count on; only the former ask for a reconcile. */
final class MaterialChanges {
    private final Map<ResourceKey, SyncSnapshot> last = new ConcurrentHashMap<>();

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
                s.tables().stream().map(MaterialChanges::withoutCounters).toList(),
                Optional.empty(),
                s.caughtUp().map(time -> Instant.EPOCH),
                0);
    }

    private static TableProgress withoutCounters(TableProgress t) {
        return new TableProgress(t.name(), t.state(), t.firstPassDone(), 0, Optional.empty(), t.problem());
    }
}
