package io.sequin.data;

import java.util.Optional;

/**
 * What the cluster remembers of a Sync's data set, beside the database.
 *
 * @param storageId identity of the data set that was there last; empty: none was
 * @param handledToken token of the last re-sync that was done
 */
public record StorageMemory(Optional<String> storageId, Optional<String> handledToken) {
    /** Of a Sync that has synced nothing. */
    public static final StorageMemory NONE = new StorageMemory(Optional.empty(), Optional.empty());
}
