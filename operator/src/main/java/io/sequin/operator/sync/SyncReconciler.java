package io.sequin.operator.sync;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.loop.Loops;
import io.sequin.loop.Versioned;
import io.sequin.operator.kube.DestinationUsers;
import io.sequin.operator.kube.EventRecorder;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.kube.Reschedule;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.SecretWatches;
import io.sequin.operator.kube.SpecProblem;
import io.sequin.operator.kube.StatusWrites;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gives each Sync its loop, or none, and projects what the loop knows onto the status. */
// on all events: only so may a finalizer come and go with the spec, and be waited for
@ControllerConfiguration(name = SyncReconciler.NAME, triggerReconcilerOnAllEvents = true)
public final class SyncReconciler implements Reconciler<Sync> {
    /** The controller's name, and the owner of the status fields. */
    public static final String NAME = "sequin-sync";

    private final SyncWork work;
    private final SyncDeletion deletion;
    private final StatusWrites<Sync, SyncStatus> statuses;
    private final String cluster;
    private final Clock clock;
    private final LoopEvents<Sync> events;
    private final DestinationUsers users;

    /**
     * @param memory kept of each Sync for its loop
     * @param cluster identity of the Kubernetes cluster, part of each schema's claim
     */
    public SyncReconciler(
            Loops<ResourceKey, SyncPlan, Versioned<SyncPlan, SyncSnapshot>> loops,
            SecretWatches secrets,
            StatusWrites<Sync, SyncStatus> statuses,
            LoopEvents<Sync> events,
            DestinationUsers users,
            SyncNews news,
            StatusMemory memory,
            Finalizers finalizers,
            EventRecorder recorder,
            String cluster,
            Clock clock) {
        this.work = new SyncWork(loops, secrets, statuses, events, news, memory);
        this.deletion = new SyncDeletion(work, statuses, finalizers, recorder, cluster, clock);
        this.statuses = statuses;
        this.events = events;
        this.users = users;
        this.cluster = cluster;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Sync>> prepareEventSources(EventSourceContext<Sync> context) {
        users.in(context.getPrimaryCache());
        InformerEventSourceConfiguration<Destination> destinations = InformerEventSourceConfiguration.from(
                        Destination.class, Sync.class)
                .withName("destinations")
                .withSecondaryToPrimaryMapper(destination -> users.of(destination).stream()
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
                .withPrimaryToSecondaryMapper((Sync sync) -> Set.of(destinationOf(sync)))
                .build();
        events.whenGone(work::gone);
        events.whenRequested(work::wake);
        events.whenLifeChanges(users::changed);
        return List.of(new InformerEventSource<>(destinations, context), events);
    }

    @Override
    public UpdateControl<Sync> reconcile(Sync sync, Context<Sync> context) {
        ResourceKey key = Resources.key(sync);
        if (context.isPrimaryResourceDeleted()) {
            work.gone(key);
            return UpdateControl.noUpdate();
        }
        context.getPrimaryCache().get(ResourceID.fromResource(sync)).ifPresent(statuses::share);
        Optional<Destination> destination = context.getSecondaryResource(Destination.class);
        if (sync.isMarkedForDeletion()) {
            return deletion.reconcile(sync, destination);
        }
        SyncDecision decision = SyncDecision.of(sync, destination, cluster, work.runs(key));
        if (!deletion.prepare(sync, decision)) {
            return UpdateControl.noUpdate();
        }
        work.remember(key, last(sync));
        carryOut(key, decision);
        Instant now = clock.instant();
        SyncDecision told =
                events.crash(key).<SyncDecision>map(SyncDecision.Refuse::new).orElse(decision);
        SyncView view = view(sync, destination, told);
        SyncStatusProjection.Projected next = SyncStatusProjection.project(view, now);
        Optional<Instant> held = Counters.heldUntil(statuses.last(key.uid()), next.status(), now);
        if (held.isEmpty() && !Resources.isGone(sync, context)) {
            statuses.write(sync, next.status(), now);
            work.remember(key, last(sync));
        }
        if (Resources.isGone(sync, context)) {
            work.gone(key);
        }
        Optional<Instant> due =
                Stream.of(held, next.next()).flatMap(Optional::stream).min(Instant::compareTo);
        Duration usual = Counters.usual(view.pollInterval(), view.snapshot());
        return UpdateControl.<Sync>noUpdate().rescheduleAfter(Reschedule.after(usual, due, now));
    }

    @Override
    public ErrorStatusUpdateControl<Sync> updateErrorStatus(Sync sync, Context<Sync> context, Exception failure) {
        if (failure instanceof KubernetesClientException) {
            return ErrorStatusUpdateControl.noStatusUpdate();
        }
        Instant now = clock.instant();
        Problem problem = Problem.of(
                SpecProblem.INTERNAL_ERROR,
                "The operator made a mistake (" + failure.getClass().getSimpleName() + "); its log has the details.");
        SyncView view = view(sync, context.getSecondaryResource(Destination.class), new SyncDecision.Refuse(problem));
        statuses.write(sync, SyncStatusProjection.project(view, now).status(), now);
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    private void carryOut(ResourceKey key, SyncDecision decision) {
        switch (decision) {
            case SyncDecision.Run run -> work.run(key, run.plan());
            case SyncDecision.Suspend suspend ->
                suspend.rest().ifPresentOrElse(plan -> work.rest(key, plan), () -> work.stop(key));
            case SyncDecision.Refuse refuse -> work.stop(key);
            case SyncDecision.Await await -> work.stop(key);
            case SyncDecision.Keep keep -> {}
        }
    }

    private SyncView view(Sync sync, Optional<Destination> destination, SyncDecision decision) {
        ResourceKey key = Resources.key(sync);
        Optional<SyncSnapshot> snapshot = work.snapshot(key)
                .filter(v -> speaksOf(decision, v.plan()))
                .map(v -> NextSteps.in(v.snapshot(), v.plan()));
        return new SyncView(
                Resources.generation(sync),
                sync.getSpec().schema(),
                SourceSettings.kind(sync),
                sync.getSpec().effectivePollInterval(),
                decision,
                destination,
                snapshot,
                work.runs(key),
                last(sync));
    }

    private SyncStatus last(Sync sync) {
        return statuses.last(Resources.key(sync).uid())
                .map(StatusWrites.Written::status)
                .or(() -> Optional.ofNullable(sync.getStatus()))
                .orElse(SyncView.NO_STATUS);
    }

    private static boolean speaksOf(SyncDecision decision, SyncPlan plan) {
        return switch (decision) {
            case SyncDecision.Run run -> run.plan().equals(plan);
            case SyncDecision.Keep keep -> true;
            case SyncDecision.Suspend s -> false;
            case SyncDecision.Refuse r -> false;
            case SyncDecision.Await a -> false;
        };
    }

    private static ResourceID destinationOf(Sync sync) {
        return new ResourceID(
                sync.getSpec().destinationRef().name(), sync.getMetadata().getNamespace());
    }
}
