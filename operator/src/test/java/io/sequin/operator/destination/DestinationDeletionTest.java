package io.sequin.operator.destination;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.operator.kube.Finalizers;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DestinationDeletionTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private static Destination deleted() {
        Destination destination = new Destination();
        destination.getMetadata().setDeletionTimestamp(T0.toString());
        return destination;
    }

    private static Sync living(String name) {
        Sync sync = new Sync();
        sync.setMetadata(new ObjectMetaBuilder().withName(name).build());
        return sync;
    }

    private static Sync dying(String name, String finalizer) {
        Sync sync = living(name);
        sync.addFinalizer(finalizer);
        sync.getMetadata().setDeletionTimestamp(T0.toString());
        return sync;
    }

    @Test
    void itIsHeldOnlyWhileSyncsUseIt() {
        assertThat(DestinationDeletion.holds(List.of())).isFalse();
        assertThat(DestinationDeletion.holds(List.of(living("a")))).isTrue();
        assertThat(DestinationDeletion.waitsFor(deleted(), List.of(), T0)).isEmpty();
    }

    @Test
    void livingSyncsAreNamedAndHoldItForFiveMinutes() {
        List<Sync> syncs = List.of(living("b"), living("a"));
        DestinationDeletion.Waiting waiting = DestinationDeletion.waitsFor(deleted(), syncs, T0.plusSeconds(299))
                .orElseThrow();
        assertThat(waiting.message()).contains("Syncs a, b");
        assertThat(waiting.until()).contains(T0.plusSeconds(300));
        assertThat(DestinationDeletion.waitsFor(deleted(), syncs, T0.plusSeconds(300)))
                .isEmpty();
    }

    @Test
    void aSyncThatDropsItsDataNeedsItForAsLongAsThatTakes() {
        List<Sync> syncs = List.of(dying("a", Finalizers.DELETE_DATA), living("b"));
        DestinationDeletion.Waiting waiting = DestinationDeletion.waitsFor(deleted(), syncs, T0.plusSeconds(3_600))
                .orElseThrow();
        assertThat(waiting.message()).contains("Sync a.").doesNotContain("b.");
        assertThat(waiting.until()).isEmpty();
    }

    @Test
    void somebodyElsesFinalizerOnASyncHoldsNothing() {
        assertThat(DestinationDeletion.waitsFor(deleted(), List.of(dying("a", "example.com/theirs")), T0))
                .isEmpty();
    }

    @Test
    void theStatusSaysInUse() {
        List<Sync> many =
                IntStream.rangeClosed(10, 22).mapToObj(i -> living("s" + i)).toList();
        DestinationDeletion.Waiting waiting =
                DestinationDeletion.waitsFor(deleted(), many, T0).orElseThrow();
        DestinationStatus status = DestinationDeletion.status(DestinationView.NO_STATUS, 3, waiting, 13, T0);
        assertThat(status.conditions())
                .extracting(c -> c.type() + " " + c.status() + " " + c.reason())
                .containsExactly("Ready False InUse", "Reconciling True InUse");
        assertThat(status.conditions().getFirst().message()).contains("s19 and 3 more");
        assertThat(status.syncs()).isEqualTo(13);
    }
}
