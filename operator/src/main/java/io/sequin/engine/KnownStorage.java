package io.sequin.engine;

import io.sequin.data.ResourceKey;
import io.sequin.data.StorageMemory;

/** What is remembered of Syncs outside of their databases. Safe for threads; no I/O. */
@FunctionalInterface
public interface KnownStorage {
    /** Nothing of any. */
    KnownStorage NONE = sync -> StorageMemory.NONE;

    /** Of one Sync. */
    StorageMemory of(ResourceKey sync);
}
