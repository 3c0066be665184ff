package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.SyncResyncStatus;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.ResourceKey;
import io.sequin.data.StorageMemory;
import io.sequin.engine.KnownStorage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the statuses of Syncs say of their data sets: so a loop can tell a schema that is gone from one that never was. */
public final class StatusMemory implements KnownStorage {
    private final Map<ResourceKey, StorageMemory> known = new ConcurrentHashMap<>();

    @Override
    public StorageMemory of(ResourceKey sync) {
        return known.getOrDefault(sync, StorageMemory.NONE);
    }

    void remember(ResourceKey sync, SyncStatus status) {
        known.put(
                sync,
                new StorageMemory(
                        Optional.ofNullable(status.storageId()),
                        Optional.ofNullable(status.resync()).map(SyncResyncStatus::handledToken)));
    }

    void forget(ResourceKey sync) {
        known.remove(sync);
    }
}
