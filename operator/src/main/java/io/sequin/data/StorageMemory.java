package io.sequin.data;

import java.util.Optional;
import java.util.Set;

/**
 * What the cluster remembers of a Sync's data set, beside the database.
 *
 * @param storageId identity of the data set that was there last; empty: none was
 * @param tokens of re-syncs that were done, or begun: none of them was given for what happened later
 */
public record StorageMemory(Optional<String> storageId, Set<String> tokens) {
    /** Of a Sync that has synced nothing. */
    public static final StorageMemory NONE = new StorageMemory(Optional.empty(), Set.of());

    public StorageMemory {
        tokens = Set.copyOf(tokens);
    }
}
