package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.SyncResyncStatus;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.ResourceKey;
import io.sequin.data.StorageMemory;
import io.sequin.engine.KnownStorage;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the statuses of Syncs say of their data sets: so a loop can tell a schema that is gone from one that never was. */
public final class StatusMemory implements KnownStorage {
    private final Map<ResourceKey, StorageMemory> known = new ConcurrentHashMap<>();

    @Override
    public StorageMemory of(ResourceKey sync) {
        return known.getOrDefault(sync, StorageMemory.NONE);
    }

    void remember(ResourceKey sync, SyncStatus status) {
        known.put(sync, new StorageMemory(Optional.ofNullable(status.storageId()), tokens(status.resync())));
    }

    private static Set<String> tokens(@Nullable SyncResyncStatus resync) {
        return resync == null
                ? Set.of()
                : Stream.of(resync.handledToken(), resync.runningToken())
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
    }

    void forget(ResourceKey sync) {
        known.remove(sync);
    }
}
