package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of what the informer tells: above all the annotation by which a user has a resource looked at now. */
class LoopEventsTest {
    private final LoopEvents<Sync> events = new LoopEvents<>();
    private final List<ResourceKey> requested = new ArrayList<>();

    @BeforeEach
    void listen() {
        events.whenRequested(requested::add);
    }

    @Test
    void eachNewValueIsOneRequest() {
        events.onResourceUpdated(sync("uid-1", "one"), sync("uid-1", null));
        events.onResourceUpdated(sync("uid-1", "one"), sync("uid-1", "one"));
        events.onResourceUpdated(sync("uid-1", "two"), sync("uid-1", "one"));
        ResourceKey key = new ResourceKey("team", "stripe", "uid-1");
        assertThat(requested).containsExactly(key, key);
    }

    @Test
    void takingItAwayIsNoRequest() {
        events.onResourceUpdated(sync("uid-1", null), sync("uid-1", "one"));
        assertThat(requested).isEmpty();
    }

    @Test
    void anObjectThatWasMadeAgainBeginsAnyway() {
        events.onResourceUpdated(sync("uid-2", "one"), sync("uid-1", null));
        assertThat(requested).isEmpty();
    }

    @Test
    void whoFollowsWhichResourcesThereAreHearsOfComingAndGoingAlone() {
        var lives = new ArrayList<String>();
        events.whenLifeChanges(
                sync -> lives.add(sync.getMetadata().getFinalizers() + " " + sync.isMarkedForDeletion()));
        Sync held = sync("uid-1", null);
        held.addFinalizer("sequin.io/delete-data");
        Sync going = sync("uid-1", null);
        going.addFinalizer("sequin.io/delete-data");
        going.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        events.onResourceCreated(sync("uid-1", null));
        events.onResourceUpdated(sync("uid-1", "one"), sync("uid-1", null));
        events.onResourceUpdated(held, sync("uid-1", "one"));
        events.onResourceUpdated(going, held);
        events.onResourceDeleted(going);

        assertThat(lives)
                .containsExactly(
                        "[] false",
                        "[sequin.io/delete-data] false",
                        "[sequin.io/delete-data] true",
                        "[sequin.io/delete-data] true");
    }

    private static Sync sync(String uid, @Nullable String value) {
        Sync sync = new Sync();
        sync.getMetadata().setNamespace("team");
        sync.getMetadata().setName("stripe");
        sync.getMetadata().setUid(uid);
        if (value != null) {
            sync.getMetadata().setAnnotations(Map.of("sequin.io/reconcile-requested-at", value));
        }
        return sync;
    }
}
