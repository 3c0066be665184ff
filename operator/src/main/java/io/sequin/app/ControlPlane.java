package io.sequin.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.app.config.LeaseConfig;
import io.sequin.app.config.OperatorConfig;
import io.sequin.data.ResourceKey;
import io.sequin.observability.Observed;
import io.sequin.observability.Recorder;
import io.sequin.observability.ResourceState;
import io.sequin.operator.destination.DestinationAnnouncements;
import io.sequin.operator.destination.DestinationReconciler;
import io.sequin.operator.kube.CacheWatchdog;
import io.sequin.operator.kube.DestinationUsers;
import io.sequin.operator.kube.EventRecorder;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.Rotations;
import io.sequin.operator.kube.SecretWatches;
import io.sequin.operator.kube.ServedVersions;
import io.sequin.operator.kube.StatusWrites;
import io.sequin.operator.sync.SyncAnnouncements;
import io.sequin.operator.sync.SyncReconciler;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that talks to the Kubernetes API: reconcilers, watches, leader election. */
final class ControlPlane {
    static final Duration STOP = Duration.ofSeconds(10);
    /** All that there are get work within any minute, so that each costs its stack; what they wait for is the API server. */
    private static final int THREADS = 8;
    /** Objects of a page of the first list: 4 kB and more each, and it is read as a whole. */
    private static final long LIST_PAGE = 100;

    private static final Duration CHECKS = Duration.ofMinutes(1);
    private static final Duration IDLE_THREAD = Duration.ofMinutes(1);
    private static final int FIRST_RETRY_MILLIS = 1_000;
    private static final long MAX_RETRY_MILLIS = 60_000;

    private final SecretWatches secrets;
    private final StatusWrites<Destination, DestinationStatus> destinationStatuses;
    private final StatusWrites<Sync, SyncStatus> syncStatuses;
    private final ThreadPoolExecutor reconciles = threads();
    private final Operator operator;
    private final CacheWatchdog watchdog;
    private final ScheduledExecutorService ticker;
    private volatile @Nullable Future<?> watching;
    private volatile @Nullable Thread checking;

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
            Recorder recorder,
            Runnable died,
            ScheduledExecutorService ticker,
            Clock clock) {
        this.ticker = ticker;
        watchdog = new CacheWatchdog(died, clock);
        Rotations rotations = new Rotations();
        secrets = new SecretWatches(client, rotations);
        EventRecorder news = new EventRecorder(client, identity.instance());
        destinationStatuses = new StatusWrites<>(
                client, Destination::new, new DestinationAnnouncements(), rotations, news, DestinationReconciler.NAME);
        syncStatuses =
                new StatusWrites<>(client, Sync::new, new SyncAnnouncements(), rotations, news, SyncReconciler.NAME);
        Finalizers finalizers = new Finalizers(client);
        DestinationUsers users = new DestinationUsers(events.destinations());
        operator = new Operator(
                service(client, election(config.lease(), identity, leadership), new ReconcileMetrics(recorder), died));
        watch(
                client,
                config,
                Destination.class,
                operator.register(
                        new DestinationReconciler(
                                workers.destinations(),
                                secrets,
                                destinationStatuses,
                                events.destinations(),
                                users,
                                finalizers,
                                clock),
                        o -> common(o, config)));
        watch(
                client,
                config,
                Sync.class,
                operator.register(
                        new SyncReconciler(
                                workers.syncs(),
                                secrets,
                                syncStatuses,
                                events.syncs(),
                                users,
                                events.news(),
                                events.memory(),
                                finalizers,
                                news,
                                identity.cluster(),
                                clock),
                        o -> common(o, config)));
    }

    Operator operator() {
        return operator;
    }

    /** Fills the caches and joins the election; returns when the caches are filled. */
    void start() {
        operator.start();
        watching = ticker.scheduleWithFixedDelay(this::check, CHECKS.toSeconds(), CHECKS.toSeconds(), TimeUnit.SECONDS);
    }

    /** On a thread of its own: it waits for the API server, on which the process's pulse must not depend. */
    private void check() {
        Thread before = checking;
        if (before == null || !before.isAlive()) {
            checking = Thread.ofVirtual().name("watchdog").start(watchdog::check);
        }
    }

    /** The conditions of every resource, as last written. */
    List<ResourceState> resources() {
        return Stream.concat(
                        destinationStatuses.all().stream()
                                .map(w -> state(
                                        w.resource(), "Destination", w.status().conditions())),
                        syncStatuses.all().stream()
                                .map(w -> state(w.resource(), "Sync", w.status().conditions())))
                .toList();
    }

    /** The reconciles that wait and that run. */
    Observed.Queue queue() {
        return new Observed.Queue(reconciles.getQueue().size(), reconciles.getActiveCount());
    }

    /** Ends watches and reconciles; also gives up the election, but not the Lease. */
    void stop() {
        Future<?> now = watching;
        if (now != null) {
            now.cancel(true);
        }
        Thread last = checking;
        if (last != null) {
            last.interrupt();
        }
        operator.stop();
        secrets.close();
    }

    private <P extends HasMetadata> void watch(
            KubernetesClient client, OperatorConfig config, Class<P> kind, RegisteredController<P> registered) {
        ControllerEventSource<P> cache =
                ((Controller<P>) registered).getEventSourceManager().getControllerEventSource();
        watchdog.add(
                kind.getSimpleName(),
                config.watch().namespaces(),
                new ServedVersions(client, kind)::in,
                () -> cache.list(any -> true));
    }

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_THREAD.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private ConfigurationService service(
            KubernetesClient client, LeaderElectionConfiguration election, ReconcileMetrics metrics, Runnable died) {
        return ConfigurationService.newOverriddenConfigurationService(o -> o.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(reconciles)
                .withMetrics(metrics)
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
        controller.withInformerListLimit(LIST_PAGE);
        controller.withRetry(new GenericRetry()
                .setInitialInterval(FIRST_RETRY_MILLIS)
                .setMaxInterval(MAX_RETRY_MILLIS)
                .withoutMaxAttempts());
    }

    private static ResourceState state(ResourceKey key, String kind, List<Condition> conditions) {
        return new ResourceState(
                kind,
                key.namespace(),
                key.name(),
                conditions.stream().collect(Collectors.toMap(Condition::type, Condition::status)));
    }
}
