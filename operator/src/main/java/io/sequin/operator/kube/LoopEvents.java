package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.sequin.data.ResourceKey;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The one way in from the loops: asks for a reconcile of a resource. It also sees primaries go, which a reconciler
 * without finalizer does not: deleted, or made again under the same name while no watch was open.
 *
 * @param <P> the primary kind
 */
public final class LoopEvents<P extends HasMetadata> extends AbstractEventSource<Void, P>
        implements ResourceEventAware<P> {
    private final Consumer<ResourceKey> gone;

    /**
     * @param gone called on the informer's thread with each uid that exists no more; must return at once
     */
    public LoopEvents(Consumer<ResourceKey> gone) {
        super(Void.class, "loops");
        this.gone = gone;
    }

    /** Asks for a reconcile soon. Before the operator has started this does nothing: all are reconciled then anyway. */
    public void reconcileSoon(ResourceKey key) {
        reconcileSoon(key.namespace(), key.name());
    }

    private void reconcileSoon(String namespace, String name) {
        if (isRunning()) {
            getEventHandler().handleEvent(new Event(new ResourceID(name, namespace)));
        }
    }

    @Override
    public void onResourceUpdated(P after, P before) {
        ResourceKey was = Resources.key(before);
        if (!was.equals(Resources.key(after))) {
            gone.accept(was);
            reconcileSoon(was);
        }
    }

    @Override
    public void onResourceDeleted(P resource) {
        gone.accept(Resources.key(resource));
    }

    @Override
    public Set<Void> getSecondaryResources(P primary) {
        return Set.of();
    }
}
