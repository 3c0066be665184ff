package io.sequin.app.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Everything that can be set about the operator; valid once it exists. Holds no secret. */
public record OperatorConfig(
        WatchConfig watch, LeaseConfig lease, SourcesConfig sources, HttpConfig http, LogConfig log) {
    /**
     * The flags that say the same, defaults too: for the log, where a record's own text, of five records, would take a
     * fiftieth of the start, since the JVM makes its code each time.
     */
    public List<String> flags() {
        List<String> flags = new ArrayList<>();
        add(flags, "--namespaces", String.join(",", new TreeSet<>(watch.namespaces())));
        add(flags, "--cluster-id", watch.clusterId());
        add(flags, "--lease-namespace", lease.namespace());
        add(flags, "--lease-duration", millis(lease.duration()));
        add(flags, "--lease-renew-deadline", millis(lease.renewDeadline()));
        add(flags, "--lease-retry-period", millis(lease.retryPeriod()));
        new TreeMap<>(sources.endpoints())
                .forEach((kind, url) ->
                        add(flags, "--source-endpoint", kind.concat("=").concat(url.toString())));
        new TreeMap<>(sources.rates())
                .forEach((kind, rate) ->
                        add(flags, "--source-rate", kind.concat("=").concat(Integer.toString(rate))));
        sources.caFile().ifPresent(file -> add(flags, "--source-ca-file", file.toString()));
        add(flags, "--byte-budget", Long.toString(sources.byteBudget()));
        add(flags, "--http-port", Integer.toString(http.port()));
        add(flags, "--log-format", log.format().name());
        add(flags, "--log-level", log.level().name());
        return flags;
    }

    private static void add(List<String> flags, String flag, String value) {
        if (!value.isEmpty()) {
            flags.add(flag.concat("=").concat(value));
        }
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis()).concat("ms");
    }
}
