package io.sequin.operator.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.SyncResyncStatus;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.ResourceKey;
import io.sequin.data.StorageMemory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusMemoryTest {
    private static final ResourceKey KEY = new ResourceKey("team", "stripe", "uid-1");

    private final StatusMemory memory = new StatusMemory();

    private static SyncStatus status(String storage, SyncResyncStatus resync) {
        return new SyncStatus(
                1L, List.of(), null, null, storage, List.of(), List.of(), null, null, null, null, resync, List.of());
    }

    @Test
    void aReSyncThatHasBegunIsNoWordForWhatHappensLater() {
        memory.remember(KEY, status("s1", new SyncResyncStatus("old", "under way")));
        assertThat(memory.of(KEY)).isEqualTo(new StorageMemory(Optional.of("s1"), Set.of("old", "under way")));
        memory.remember(KEY, status("s1", new SyncResyncStatus("under way", null)));
        assertThat(memory.of(KEY).tokens()).containsExactly("under way");
    }

    @Test
    void ofASyncThatIsGoneNothingIsRemembered() {
        memory.remember(KEY, status("s1", new SyncResyncStatus("old", null)));
        memory.forget(KEY);
        assertThat(memory.of(KEY)).isEqualTo(StorageMemory.NONE);
    }
}
