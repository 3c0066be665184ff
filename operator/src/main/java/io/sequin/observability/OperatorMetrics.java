package io.sequin.observability;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sequin.data.ResourceKey;
import io.sequin.engine.TableProgress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The metrics, made from snapshots when they are asked for. Labels are bounded by what exists: namespace, name and
 * table; never a reason, a message or an id.
 */
public final class OperatorMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<Observed> observe;
    private final Clock clock;
    private final MultiGauge rows = gauge("sequin.sync.rows", "Rows in the table, counted as they are written.");
    private final MultiGauge written =
            gauge("sequin.sync.rows.written", "Rows written since the loop of this Sync began.");
    private final MultiGauge states = gauge("sequin.sync.table.state", "1 for the state the table is in.");
    private final MultiGauge lag = gauge(
            "sequin.sync.lag.seconds", "Now less the source's time up to which every change is applied, in seconds.");
    private final MultiGauge ready = gauge("sequin.resource.ready", "1 where the condition Ready is True.");
    private volatile Observed observed = new Observed(false, Map.of(), List.of(), 0);

    public OperatorMetrics(Supplier<Observed> observe, String version, Clock clock) {
        this.observe = observe;
        this.clock = clock;
        Gauge.builder("sequin.leader", () -> observed.leader() ? 1 : 0)
                .description("1 on the process that leads.")
                .register(registry);
        Gauge.builder("sequin.build.info", () -> 1)
                .description("The version that runs.")
                .tag("version", version)
                .register(registry);
        FunctionCounter.builder("sequin.loop.crashes", this, m -> m.observed.crashes())
                .description("How often a loop's turn ended in a mistake of the operator.")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** The text for Prometheus. One scrape at a time. */
    public synchronized String scrape() {
        observed = observe.get();
        Instant now = clock.instant();
        List<Row<?>> rowRows = new ArrayList<>();
        List<Row<?>> stateRows = new ArrayList<>();
        List<Row<?>> lagRows = new ArrayList<>();
        List<Row<?>> writtenRows = new ArrayList<>();
        observed.syncs().forEach((key, snapshot) -> {
            for (TableProgress table : snapshot.tables()) {
                Tags tags = tags(key).and("table", table.name());
                rowRows.add(Row.of(tags, table.rows()));
                stateRows.add(Row.of(tags.and("state", table.state().text()), 1));
            }
            writtenRows.add(Row.of(tags(key), snapshot.rowsWritten()));
            snapshot.caughtUp().ifPresent(at -> lagRows.add(Row.of(tags(key), lag(at, now))));
        });
        rows.register(rowRows, true);
        states.register(stateRows, true);
        lag.register(lagRows, true);
        written.register(writtenRows, true);
        ready.register(readyRows(), true);
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }

    private List<Row<?>> readyRows() {
        List<Row<?>> readyRows = new ArrayList<>();
        for (ResourceState r : observed.resources()) {
            Tags tags = Tags.of("kind", r.kind(), "namespace", r.namespace(), "name", r.name());
            readyRows.add(Row.of(tags, r.ready() ? 1 : 0));
        }
        return readyRows;
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private static double lag(Instant caughtUp, Instant now) {
        return Math.max(0, Duration.between(caughtUp, now).toMillis() / 1000.0);
    }

    private static Tags tags(ResourceKey key) {
        return Tags.of("namespace", key.namespace(), "name", key.name());
    }
}
