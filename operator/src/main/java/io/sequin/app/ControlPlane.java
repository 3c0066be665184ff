package io.sequin.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.app.config.LeaseConfig;
import io.sequin.app.config.OperatorConfig;
import io.sequin.data.ResourceKey;
import io.sequin.observability.ResourceState;
import io.sequin.operator.destination.DestinationReconciler;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.EventRecorder;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.SecretWatches;
import io.sequin.operator.kube.StatusWrites;
import io.sequin.operator.sync.SyncReconciler;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Everything that talks to the Kubernetes API: reconcilers, watches, leader election. */
final class ControlPlane {
    static final Duration STOP = Duration.ofSeconds(10);
    private static final int THREADS = 16;
    private static final int FIRST_RETRY_MILLIS = 1_000;
    private static final long MAX_RETRY_MILLIS = 60_000;

    private final SecretWatches secrets;
    private final StatusWrites<Destination, DestinationStatus> destinationStatuses;
    private final StatusWrites<Sync, SyncStatus> syncStatuses;
    private final Operator operator;

    /**
     * Who this process is.
     *
     * @param instance of the Lease, other than that of any other process
     * @param leaseNamespace where the Lease is
     * @param cluster identity of the cluster
     */
    record Identity(String instance, String leaseNamespace, String cluster) {}

    /**
     * @param died called when a cache stopped for good; the log says why
     */
    ControlPlane(
            KubernetesClient client,
            OperatorConfig config,
            Identity identity,
            Leadership leadership,
            Workers workers,
            Workers.Events events,
            Runnable died,
            Clock clock) {
        secrets = new SecretWatches(client);
        EventRecorder recorder = new EventRecorder(client, identity.instance());
        destinationStatuses = new StatusWrites<>(
                client, Destination::new, DestinationStatus::conditions, recorder, DestinationReconciler.NAME);
        syncStatuses = new StatusWrites<>(client, Sync::new, SyncStatus::conditions, recorder, SyncReconciler.NAME);
        Finalizers finalizers = new Finalizers(client);
        operator = new Operator(service(client, election(config.lease(), identity, leadership), died));
        operator.register(
                new DestinationReconciler(
                        workers.destinations(), secrets, destinationStatuses, events.destinations(), finalizers, clock),
                o -> common(o, config));
        operator.register(
                new SyncReconciler(
                        workers.syncs(),
                        secrets,
                        syncStatuses,
                        events.syncs(),
                        events.news(),
                        finalizers,
                        recorder,
                        identity.cluster(),
                        clock),
                o -> common(o, config));
    }

    Operator operator() {
        return operator;
    }

    /** The readiness of every resource, as last written. */
    List<ResourceState> resources() {
        return Stream.concat(
                        destinationStatuses.all().stream()
                                .map(w -> state(
                                        w.resource(), "Destination", w.status().conditions())),
                        syncStatuses.all().stream()
                                .map(w -> state(w.resource(), "Sync", w.status().conditions())))
                .toList();
    }

    /** Ends watches and reconciles; also gives up the election, but not the Lease. */
    void stop() {
        operator.stop();
        secrets.close();
    }

    private static ConfigurationService service(
            KubernetesClient client, LeaderElectionConfiguration election, Runnable died) {
        return ConfigurationService.newOverriddenConfigurationService(o -> o.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(STOP)
                .withLeaderElectionConfiguration(election)
                .withInformerStoppedHandler((informer, failure) -> {
                    if (failure != null) {
                        died.run();
                    }
                }));
    }

    private static LeaderElectionConfiguration election(LeaseConfig lease, Identity identity, Leadership leadership) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LeaseConfig.NAME)
                .withLeaseNamespace(identity.leaseNamespace())
                .withIdentity(identity.instance())
                .withLeaseDuration(lease.duration())
                .withRenewDeadline(lease.renewDeadline())
                .withRetryPeriod(lease.retryPeriod())
                .withLeaderCallbacks(leadership.callbacks())
                .withExitOnStopLeading(false)
                .build();
    }

    private static void common(ControllerConfigurationOverrider<?> controller, OperatorConfig config) {
        if (config.watch().namespaces().isEmpty()) {
            controller.watchingAllNamespaces();
        } else {
            controller.settingNamespaces(config.watch().namespaces());
        }
        controller.withRetry(new GenericRetry()
                .setInitialInterval(FIRST_RETRY_MILLIS)
                .setMaxInterval(MAX_RETRY_MILLIS)
                .withoutMaxAttempts());
    }

    private static ResourceState state(ResourceKey key, String kind, List<Condition> conditions) {
        return new ResourceState(
                kind, key.namespace(), key.name(), Conditions.is(conditions, Finding.READY, Finding.State.TRUE));
    }
}
