package io.sequin.observability;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The text for Prometheus: what was recorded, and what is read from snapshots at each scrape. */
public final class OperatorMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Recorder recorder = new Recorder(registry.getPrometheusRegistry());
    private final AtomicReference<Supplier<Readings>> source = new AtomicReference<>(Readings::new);
    private final String version;
    private final Clock clock;

    public OperatorMetrics(String version, Clock clock) {
        this.version = version;
        this.clock = clock;
        registry.getPrometheusRegistry()
                .register((MultiCollector) () -> source.get().get().snapshots());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new CollectorMetrics().bindTo(registry);
    }

    /** Takes what happens between two scrapes. */
    public Recorder recorder() {
        return recorder;
    }

    /** Where each scrape gets its values, once all is put together. */
    public void read(Supplier<Observed> observed, Supplier<Usage> usage) {
        source.set(() -> {
            Readings readings = ScrapeReadings.of(observed.get(), usage.get(), version, clock.instant());
            ProcessReadings.addTo(readings);
            return readings;
        });
    }

    /** The text for Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
