package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.sequin.data.Instruction;
import io.sequin.data.ResourceKey;
import java.util.List;

/** What the API's objects and our own values have in common. */
public final class Resources {
    private Resources() {}

    /** The key of a resource, with its uid. */
    public static ResourceKey key(HasMetadata resource) {
        return new ResourceKey(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                resource.getMetadata().getUid());
    }

    /** The generation of its spec; 0 where the API server gave none. */
    public static long generation(HasMetadata resource) {
        Long generation = resource.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    /**
     * Whether the resource was deleted, or made again, while it was reconciled: then what the reconcile began is to be
     * undone, since the news of the deletion came before.
     */
    public static <P extends HasMetadata> boolean isGone(P resource, Context<P> context) {
        return context.getPrimaryCache()
                .get(ResourceID.fromResource(resource))
                .filter(now -> key(now).equals(key(resource)))
                .isEmpty();
    }

    /** Instructions as the API shows them. */
    public static List<io.sequin.api.v1alpha1.Instruction> instructions(List<Instruction> cure) {
        return cure.stream()
                .map(i -> new io.sequin.api.v1alpha1.Instruction(i.summary(), i.runAs(), i.sql()))
                .distinct()
                .toList();
    }
}
