package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.sequin.api.v1alpha1.Sync;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Syncs of each Destination, from the one cache of Syncs that there is: a watch and a cache of the Destinations' own
 * would keep each Sync twice. Leader election starts no reconciler before all caches are filled, so that what is not in
 * there does not exist.
 */
public final class DestinationUsers {
    private static final String BY_DESTINATION = "destination";

    private final LoopEvents<?> destinations;
    private volatile @Nullable IndexerResourceCache<Sync> syncs;

    /** @param destinations by which a Destination is reconciled where a Sync of it comes or goes */
    public DestinationUsers(LoopEvents<?> destinations) {
        this.destinations = destinations;
    }

    /** Before the start: where Syncs are. */
    public void in(IndexerResourceCache<Sync> cache) {
        cache.addIndexer(
                BY_DESTINATION,
                sync -> List.of(index(
                        sync.getMetadata().getNamespace(),
                        sync.getSpec().destinationRef().name())));
        syncs = cache;
    }

    /** The Syncs that name this Destination. */
    public List<Sync> of(HasMetadata destination) {
        IndexerResourceCache<Sync> cache = Objects.requireNonNull(syncs, "the reconciler of Syncs registers first");
        return cache.byIndex(
                BY_DESTINATION,
                index(
                        destination.getMetadata().getNamespace(),
                        destination.getMetadata().getName()));
    }

    /** A Sync has come, or gone, or is about to. */
    public void changed(Sync sync) {
        destinations.reconcileSoon(
                sync.getMetadata().getNamespace(),
                sync.getSpec().destinationRef().name());
    }

    private static String index(String namespace, String name) {
        return namespace + "/" + name;
    }
}
