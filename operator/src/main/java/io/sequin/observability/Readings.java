package io.sequin.observability;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of one scrape. What is not put here is not exposed: the series of what is gone are gone with it. */
final class Readings {
    private final Map<Family, Map<List<String>, Double>> values = new EnumMap<>(Family.class);

    /**
     * Adds to a series; one that is named twice is summed.
     *
     * @param labels values in the order of the family's labels
     */
    Readings add(Family family, double value, String... labels) {
        if (labels.length != family.labels().size()) {
            throw new IllegalArgumentException(family.exposed() + " has the labels " + family.labels());
        }
        values.computeIfAbsent(family, f -> new LinkedHashMap<>()).merge(List.of(labels), value, Double::sum);
        return this;
    }

    /** The same for whole numbers. */
    Readings add(Family family, long value, String... labels) {
        return add(family, (double) value, labels);
    }

    /** As the client library writes them out. */
    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        values.forEach((family, series) -> all.metricSnapshot(
                switch (family.type()) {
                    case GAUGE -> gauge(family, series);
                    case COUNTER -> counter(family, series);
                    case HISTOGRAM -> throw new IllegalStateException("a histogram is not read but recorded");
                }));
        return all.build();
    }

    private static MetricSnapshot gauge(Family family, Map<List<String>, Double> series) {
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(family.base()).help(family.help());
        series.forEach((labels, value) -> builder.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of(family.labels(), labels))
                .value(value)
                .build()));
        return builder.build();
    }

    private static MetricSnapshot counter(Family family, Map<List<String>, Double> series) {
        CounterSnapshot.Builder builder =
                CounterSnapshot.builder().name(family.base()).help(family.help());
        series.forEach((labels, value) -> builder.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of(family.labels(), labels))
                .value(value)
                .build()));
        return builder.build();
    }
}
