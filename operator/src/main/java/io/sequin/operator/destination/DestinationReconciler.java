package io.sequin.operator.destination;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.loop.Loops;
import io.sequin.loop.StopReason;
import io.sequin.loop.Versioned;
import io.sequin.operator.kube.DestinationSettings;
import io.sequin.operator.kube.DestinationUsers;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.Reschedule;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.SecretWatches;
import io.sequin.operator.kube.SpecProblem;
import io.sequin.operator.kube.StatusWrites;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Gives each Destination its loop and projects the loop's verdict onto the status. Does no I/O but to the API server:
 * probing is the loop's.
 */
// on all events: only so may a finalizer come and go with the Syncs, and be waited for
@ControllerConfiguration(name = DestinationReconciler.NAME, triggerReconcilerOnAllEvents = true)
public final class DestinationReconciler implements Reconciler<Destination> {
    /** The controller's name, and the owner of the status fields. */
    public static final String NAME = "sequin-destination";

    private static final Duration USUAL = Duration.ofSeconds(30);

    private final Loops<ResourceKey, DestinationPlan, Versioned<DestinationPlan, DestinationSnapshot>> loops;
    private final SecretWatches secrets;
    private final StatusWrites<Destination, DestinationStatus> statuses;
    private final Finalizers finalizers;
    private final Clock clock;
    private final LoopEvents<Destination> events;
    private final DestinationUsers users;

    public DestinationReconciler(
            Loops<ResourceKey, DestinationPlan, Versioned<DestinationPlan, DestinationSnapshot>> loops,
            SecretWatches secrets,
            StatusWrites<Destination, DestinationStatus> statuses,
            LoopEvents<Destination> events,
            DestinationUsers users,
            Finalizers finalizers,
            Clock clock) {
        this.loops = loops;
        this.secrets = secrets;
        this.statuses = statuses;
        this.events = events;
        this.users = users;
        this.finalizers = finalizers;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Destination>> prepareEventSources(EventSourceContext<Destination> context) {
        events.whenGone(this::gone);
        events.whenRequested(loops::wake);
        return List.of(events);
    }

    @Override
    public UpdateControl<Destination> reconcile(Destination destination, Context<Destination> context) {
        ResourceKey key = Resources.key(destination);
        if (context.isPrimaryResourceDeleted()) {
            gone(key);
            return UpdateControl.noUpdate();
        }
        List<Sync> syncs = users.of(destination);
        if (destination.isMarkedForDeletion()) {
            return delete(destination, syncs);
        }
        if (!hold(destination, syncs)) {
            return UpdateControl.noUpdate();
        }
        Reading<DestinationPlan> plan = DestinationPlans.of(destination);
        switch (plan) {
            case Reading.Valid<DestinationPlan> valid -> run(key, valid.value());
            case Reading.Invalid<DestinationPlan> invalid -> stop(key);
        }
        Instant now = clock.instant();
        Reading<DestinationPlan> told = events.crash(key)
                .<Reading<DestinationPlan>>map(Reading.Invalid::new)
                .orElse(plan);
        DestinationView view = view(destination, told);
        DestinationStatusProjection.Projected next = DestinationStatusProjection.project(view, now);
        if (!Resources.isGone(destination, context)) {
            statuses.write(destination, next.status(), now);
        }
        if (Resources.isGone(destination, context)) {
            gone(key);
        }
        return UpdateControl.<Destination>noUpdate().rescheduleAfter(Reschedule.after(USUAL, next.next(), now));
    }

    @Override
    public ErrorStatusUpdateControl<Destination> updateErrorStatus(
            Destination destination, Context<Destination> context, Exception failure) {
        if (failure instanceof KubernetesClientException) {
            return ErrorStatusUpdateControl.noStatusUpdate();
        }
        Instant now = clock.instant();
        Problem problem = Problem.of(
                SpecProblem.INTERNAL_ERROR,
                "The operator made a mistake (" + failure.getClass().getSimpleName() + "); its log has the details.");
        DestinationView view = view(destination, new Reading.Invalid<>(problem));
        statuses.write(
                destination, DestinationStatusProjection.project(view, now).status(), now);
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    /** Whether the Destination is still there; its finalizer is, as long as Syncs use it. */
    private boolean hold(Destination destination, List<Sync> syncs) {
        boolean has = destination.hasFinalizer(Finalizers.IN_USE);
        if (has && !DestinationDeletion.holds(syncs)) {
            finalizers.remove(destination, Finalizers.IN_USE);
        }
        return has || !DestinationDeletion.holds(syncs) || finalizers.add(destination, Finalizers.IN_USE);
    }

    private UpdateControl<Destination> delete(Destination destination, List<Sync> syncs) {
        ResourceKey key = Resources.key(destination);
        Instant now = clock.instant();
        Optional<DestinationDeletion.Waiting> waiting = destination.hasFinalizer(Finalizers.IN_USE)
                ? DestinationDeletion.waitsFor(destination, syncs, now)
                : Optional.empty();
        if (waiting.isEmpty()) {
            finalizers.remove(destination, Finalizers.IN_USE);
            stop(key);
            return UpdateControl.noUpdate();
        }
        DestinationStatus next = DestinationDeletion.status(
                last(destination), Resources.generation(destination), waiting.get(), syncs.size(), now);
        statuses.write(destination, next, now);
        return UpdateControl.<Destination>noUpdate()
                .rescheduleAfter(Reschedule.after(USUAL, waiting.get().until(), now));
    }

    private DestinationStatus last(Destination destination) {
        return statuses.last(destination.getMetadata().getUid())
                .map(StatusWrites.Written::status)
                .or(() -> Optional.ofNullable(destination.getStatus()))
                .orElse(DestinationView.NO_STATUS);
    }

    private void run(ResourceKey key, DestinationPlan plan) {
        secrets.use(key, DestinationSettings.secrets(plan.settings()), loops::wake);
        loops.apply(key, plan);
    }

    private void stop(ResourceKey key) {
        secrets.release(key);
        loops.remove(key, StopReason.REPLACED);
    }

    private void gone(ResourceKey key) {
        secrets.release(key);
        loops.remove(key, StopReason.REMOVED);
        statuses.forget(key.uid());
    }

    private DestinationView view(Destination destination, Reading<DestinationPlan> plan) {
        ResourceKey key = Resources.key(destination);
        Optional<DestinationSnapshot> verdict = loops.snapshot(key)
                .filter(v -> plan instanceof Reading.Valid<DestinationPlan> valid
                        && v.plan().equals(valid.value()))
                .map(Versioned::snapshot);
        int syncs = users.of(destination).size();
        return new DestinationView(Resources.generation(destination), plan, verdict, last(destination), syncs);
    }
}
