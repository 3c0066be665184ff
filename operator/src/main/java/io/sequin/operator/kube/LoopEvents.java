package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The one way in from the loops: asks for a reconcile of a resource. It also sees primaries go, which a reconciler
 * without finalizer does not: deleted, or made again under the same name while no watch was open.
 *
 * @param <P> the primary kind
 */
public final class LoopEvents<P extends HasMetadata> extends AbstractEventSource<Void, P>
        implements ResourceEventAware<P> {
    /** One crash may be chance, and is logged; from the second one in a row on the user is told. */
    private static final int TELLING_CRASHES = 2;

    /** Whoever gives this annotation a new value, such as the present time, has the resource looked at now. */
    public static final String REQUESTED_AT = "sequin.io/reconcile-requested-at";

    private final Set<ResourceKey> crashing = ConcurrentHashMap.newKeySet();
    private volatile Consumer<ResourceKey> gone = key -> {};
    private volatile Consumer<ResourceKey> requested = key -> {};
    private volatile Consumer<P> lived = resource -> {};

    public LoopEvents() {
        super(Void.class, "loops");
    }

    /**
     * Before the start: who cleans up.
     *
     * @param cleanUp called on the informer's thread with each uid that exists no more; must return at once
     */
    public void whenGone(Consumer<ResourceKey> cleanUp) {
        gone = cleanUp;
    }

    /**
     * Before the start: who acts where {@link #REQUESTED_AT} got a new value. A value that an object is first seen with
     * is no request: its loop begins anyway.
     *
     * @param act called once for each new value, on the informer's thread; must return at once
     */
    public void whenRequested(Consumer<ResourceKey> act) {
        requested = act;
    }

    /**
     * Before the start: who follows which resources there are. Nothing else in them counts.
     *
     * @param told called on the informer's thread with each resource that came or went, or whose finalizers or mark for
     *     deletion changed; must return at once
     */
    public void whenLifeChanges(Consumer<P> told) {
        lived = told;
    }

    /** A loop had a whole good turn. What a loop publishes before it crashes again is no sign of that. */
    public void worked(ResourceKey key) {
        if (crashing.remove(key)) {
            reconcileSoon(key);
        }
    }

    /**
     * A loop's turn ended in a mistake of ours.
     *
     * @param consecutive how often in a row
     */
    public void crashed(ResourceKey key, int consecutive) {
        if (consecutive >= TELLING_CRASHES && crashing.add(key)) {
            reconcileSoon(key);
        }
    }

    /** The loop is stopped on purpose: how it fared does not matter any more. */
    public void stopped(ResourceKey key) {
        crashing.remove(key);
    }

    /** The trouble of a loop that keeps crashing. */
    public Optional<Problem> crash(ResourceKey key) {
        return crashing.contains(key)
                ? Optional.of(Problem.of(
                        SpecProblem.INTERNAL_ERROR,
                        "The operator made a mistake and tries again; its log has the details."))
                : Optional.empty();
    }

    /** Asks for a reconcile soon. Before the operator has started this does nothing: all are reconciled then anyway. */
    public void reconcileSoon(ResourceKey key) {
        reconcileSoon(key.namespace(), key.name());
    }

    /** The same for whatever has that name. */
    public void reconcileSoon(String namespace, String name) {
        if (!isRunning()) {
            return;
        }
        // the handler takes the resource's names out of the log context when it is done, though they are the loop's
        Map<String, String> context = MDC.getCopyOfContextMap();
        getEventHandler().handleEvent(new Event(new ResourceID(name, namespace)));
        if (context != null) {
            MDC.setContextMap(context);
        }
    }

    @Override
    public void onResourceCreated(P resource) {
        lived.accept(resource);
    }

    @Override
    public void onResourceUpdated(P after, P before) {
        if (after.isMarkedForDeletion() != before.isMarkedForDeletion()
                || !after.getFinalizers().equals(before.getFinalizers())) {
            lived.accept(after);
        }
        ResourceKey was = Resources.key(before);
        if (!was.equals(Resources.key(after))) {
            forget(was);
            reconcileSoon(was);
        } else if (request(after) != null && !Objects.equals(request(before), request(after))) {
            requested.accept(was);
        }
    }

    private static @Nullable String request(HasMetadata resource) {
        Map<String, String> annotations = resource.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(REQUESTED_AT);
    }

    @Override
    public void onResourceDeleted(P resource) {
        forget(Resources.key(resource));
        lived.accept(resource);
    }

    private void forget(ResourceKey key) {
        crashing.remove(key);
        gone.accept(key);
    }

    @Override
    public Set<Void> getSecondaryResources(P primary) {
        return Set.of();
    }
}
