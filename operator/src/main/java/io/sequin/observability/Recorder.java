package io.sequin.observability;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sequin.postgres.load.CommitListener;
import io.sequin.source.Purpose;
import io.sequin.source.RequestListener;
import java.time.Duration;
import java.util.Locale;

/** Counts and times what happens between two scrapes. Safe for threads. */
public final class Recorder implements CommitListener, RequestListener {
    private static final double NANOS = 1e9;
    private static final double[] RECONCILE = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    private static final double[] REQUEST = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 80};
    private static final double[] COMMIT = {0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60};

    private final Counter reconciles;
    private final Histogram reconcileDuration;
    private final Counter commits;
    private final Histogram commitDuration;
    private final Counter requests;
    private final Histogram requestDuration;
    private final Counter rateLimited;

    Recorder(PrometheusRegistry registry) {
        reconciles = counter(registry, Family.RECONCILES);
        reconcileDuration = histogram(registry, Family.RECONCILE_DURATION, RECONCILE);
        commits = counter(registry, Family.COMMITS);
        commitDuration = histogram(registry, Family.COMMIT_DURATION, COMMIT);
        requests = counter(registry, Family.SOURCE_REQUESTS);
        requestDuration = histogram(registry, Family.SOURCE_REQUEST_DURATION, REQUEST);
        rateLimited = counter(registry, Family.SOURCE_RATE_LIMITED);
        for (CommitListener.Result result : CommitListener.Result.values()) {
            commits.initLabelValues(text(result));
        }
    }

    /**
     * A reconcile ended.
     *
     * @param controller its name
     * @param good it threw nothing
     */
    public void reconciled(String controller, boolean good, Duration took) {
        reconciles.labelValues(controller, good ? "success" : "error").inc();
        reconcileDuration.labelValues(controller).observe(seconds(took));
    }

    @Override
    public void ended(CommitListener.Result result, Duration took) {
        commits.labelValues(text(result)).inc();
        commitDuration.observe(seconds(took));
    }

    @Override
    public void ended(String kind, Purpose purpose, RequestListener.Result result, Duration took) {
        requests.labelValues(kind, text(purpose), text(result)).inc();
        requestDuration.labelValues(kind).observe(seconds(took));
    }

    @Override
    public void waited(String kind, Purpose purpose, Duration time) {
        rateLimited.labelValues(kind, text(purpose)).inc(seconds(time));
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS;
    }

    private static Counter counter(PrometheusRegistry registry, Family family) {
        return Counter.builder()
                .name(family.base())
                .help(family.help())
                .labelNames(family.labels().toArray(String[]::new))
                .withoutExemplars()
                .register(registry);
    }

    private static Histogram histogram(PrometheusRegistry registry, Family family, double... bounds) {
        return Histogram.builder()
                .name(family.base())
                .help(family.help())
                .labelNames(family.labels().toArray(String[]::new))
                .withoutExemplars()
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }
}
