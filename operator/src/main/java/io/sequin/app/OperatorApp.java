package io.sequin.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sequin.app.config.LeaseConfig;
import io.sequin.app.config.OperatorConfig;
import io.sequin.observability.Heartbeat;
import io.sequin.observability.HttpEndpoints;
import io.sequin.observability.Observed;
import io.sequin.observability.OperatorMetrics;
import io.sequin.operator.kube.KubernetesCredentials;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator, put together: the one composition root. Stops in this order: not ready, loops, reconcilers, Lease, pools,
 * HTTP, client.
 */
final class OperatorApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorApp.class);
    static final Duration DRAIN = Duration.ofSeconds(10);

    private final ControlPlane controlPlane;
    private final Leadership leadership;
    private final Readiness readiness;
    private final HttpEndpoints http;
    private final Shutdown shutdown;

    /**
     * Puts everything together; the HTTP server answers from then on, nothing else has begun.
     *
     * @param client closed by {@link #close()}
     * @param instance of the Lease, other than that of any other process
     * @param fatal called when this process can't go on; must return at once
     */
    OperatorApp(
            OperatorConfig config, KubernetesClient client, String instance, LoopBodies.Maker maker, Runnable fatal) {
        Clock clock = Clock.systemUTC();
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        ControlPlane.Identity identity = identity(config, client, instance);
        ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ticker").daemon().factory());
        leadership = new Leadership(fatal);
        OperatorMetrics metrics = new OperatorMetrics(Version.text(), clock);
        Workers.Events events = Workers.Events.create();
        LoopBodies bodies =
                maker.make(new KubernetesCredentials(client), events.memory(), clock, random, metrics.recorder());
        Workers workers = new Workers(bodies.verify(), bodies.sync(), leadership, events, clock, random);
        controlPlane = new ControlPlane(
                client, config, identity, leadership, workers, events, metrics.recorder(), fatal, ticker, clock);
        readiness = new Readiness(controlPlane.operator(), clock);
        metrics.read(() -> observe(workers), bodies::usage);
        Heartbeat heartbeat = new Heartbeat(ticker, workers::allHang);
        HeapReturn heap = HeapReturn.start(ticker);
        http = new HttpEndpoints(config.http().port(), heartbeat::alive, readiness::ready, metrics::scrape);
        LeaseRelease lease = new LeaseRelease(client, identity.leaseNamespace(), LeaseConfig.NAME, identity.instance());
        shutdown = new Shutdown()
                .then("not ready any more", readiness::stopping)
                .then("loops", () -> drain(workers))
                .then("reconcilers", controlPlane::stop)
                .then("Lease", lease::release)
                .then("pools", bodies::close)
                .then("HTTP", () -> {
                    heap.close();
                    heartbeat.close();
                    ticker.shutdownNow();
                    http.close();
                    metrics.close();
                })
                .then("Kubernetes client", client::close);
    }

    /** Fills the caches and joins the election; returns when the caches are filled. */
    void start() {
        LOG.info("sequin-operator {}: HTTP on port {}", Version.text(), http.port());
        controlPlane.start();
        readiness.started();
    }

    /** Where /livez, /readyz and /metrics are. */
    int httpPort() {
        return http.port();
    }

    @Override
    public void close() {
        shutdown.run();
    }

    private void drain(Workers workers) {
        leadership.resign();
        workers.drain(DRAIN);
    }

    private Observed observe(Workers workers) {
        return new Observed(
                leadership.granted(),
                workers.snapshots(),
                controlPlane.resources(),
                workers.states(),
                controlPlane.queue());
    }

    private static ControlPlane.Identity identity(OperatorConfig config, KubernetesClient client, String instance) {
        String cluster = config.watch().clusterId();
        String own = client.getNamespace() == null ? "default" : client.getNamespace();
        String namespace = config.lease().namespace();
        return new ControlPlane.Identity(
                instance,
                namespace.isEmpty() ? own : namespace,
                cluster.isEmpty() ? ClusterClient.clusterId(client) : cluster);
    }
}
