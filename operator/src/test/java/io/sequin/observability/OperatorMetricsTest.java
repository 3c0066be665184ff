package io.sequin.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.observability.Exposition.Found;
import io.sequin.observability.Exposition.Sample;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperatorMetricsTest {
    private static final Map<String, String> SHOP = Map.of("namespace", "team", "name", "shop");

    private final OperatorMetrics metrics = ScrapeSamples.full();

    @AfterEach
    void close() {
        metrics.close();
    }

    private Exposition scrape() {
        return Exposition.parse(metrics.scrape());
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aFamilyIsExposedAsItIsDocumented(Family family) {
        Found found = scrape().family(family.exposed());
        assertThat(found.help()).isEqualTo(family.help());
        assertThat(found.type()).isEqualToIgnoringCase(family.type().name());
        assertThat(found.samples()).isNotEmpty().allSatisfy(sample -> {
            Set<String> labels = new HashSet<>(sample.labels().keySet());
            labels.remove("le");
            assertThat(labels).isEqualTo(Set.copyOf(family.labels()));
        });
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aFamilyIsNamedAsPrometheusWantsIt(Family family) {
        String name = family.exposed();
        assertThat(name).matches("(sequin|process)(_[a-z0-9]+)+");
        assertThat(name.endsWith("_total")).as("only counters end in _total").isEqualTo(isCounter(family));
        assertThat(name)
                .as("base units only")
                .doesNotContainPattern(
                        "_(ms|millis|milliseconds|minutes|hours|kb|mb|kib|mib|percent|count|sum|bucket)(_|$)");
        assertThat(family.help()).as("a sentence").endsWith(".").hasSizeGreaterThan(10);
        assertThat(family.help().contains("seconds") && !name.contains("seconds"))
                .as("a time has its unit in its name")
                .isFalse();
        assertThat(family.labels()).doesNotHaveDuplicates().allMatch(l -> l.matches("[a-z]+(_[a-z]+)*"));
        assertThat(family.labels())
                .as("labels without bound")
                .doesNotContain("message", "error", "reason", "uid", "id", "le", "quantile", "job", "instance");
    }

    private static boolean isCounter(Family family) {
        return family.type() == Family.Type.COUNTER;
    }

    @Test
    void whatIsNotOursIsOfTheJvm() {
        Set<String> ours = Arrays.stream(Family.values()).map(Family::exposed).collect(Collectors.toSet());
        Set<String> others = new TreeSet<>(scrape().families().keySet());
        others.removeAll(ours);
        assertThat(others).isNotEmpty().allMatch(name -> name.startsWith("jvm_"));
    }

    @Test
    void aSyncsNumbersAreThoseOfItsSnapshot() {
        Exposition text = scrape();
        assertThat(text.value("sequin_sync_rows", with("table", "charge"))).isEqualTo(100);
        assertThat(text.value("sequin_sync_table_errors", with("table", "charge")))
                .isEqualTo(2);
        assertThat(text.value("sequin_sync_table_errors", with("table", "product")))
                .isZero();
        assertThat(text.value("sequin_sync_rows_written_total", SHOP)).isEqualTo(110);
        assertThat(text.value("sequin_sync_lag_seconds", SHOP)).isEqualTo(90);
        assertThat(text.value("sequin_sync_backfill_progress_ratio", SHOP)).isEqualTo(0.25);
        assertThat(text.value("sequin_sync_last_success_timestamp_seconds", SHOP))
                .isEqualTo((double) ScrapeSamples.NOW.getEpochSecond() - 5);
        assertThat(text.value("sequin_sync_tables", with("state", "Failing"))).isEqualTo(1);
        assertThat(text.family("sequin_sync_table_state").samples())
                .extracting(s -> s.labels().get("table") + " " + s.labels().get("state"))
                .containsExactlyInAnyOrder(
                        "charge Live", "customer Backfilling", "product Pending", "price Failing", "payout NotOffered");
    }

    @Test
    void theProcesssNumbersAreThere() {
        Exposition text = scrape();
        assertThat(text.value("process_resident_memory_bytes", Map.of())).isBetween(20e6, 20e9);
        assertThat(text.value("process_cpu_seconds_total", Map.of())).isPositive();
        assertThat(text.value("sequin_build_info", Map.of("version", "1.2.3"))).isEqualTo(1);
        assertThat(text.value("sequin_workqueue_depth", Map.of())).isEqualTo(4);
        assertThat(text.value("sequin_loop_crashes_total", Map.of("kind", "Sync")))
                .isEqualTo(2);
        assertThat(text.value("sequin_byte_budget_held_bytes", Map.of())).isEqualTo(1 << 20);
        assertThat(text.value(
                        "sequin_pool_connections",
                        Map.of("namespace", "team", "pool", "db.example.com:5432/app", "state", "active")))
                .isEqualTo(2);
    }

    @Test
    void whatHappensIsCountedByResult() {
        Exposition text = scrape();
        assertThat(text.value("sequin_reconcile_total", Map.of("controller", "sequin-sync", "result", "error")))
                .isEqualTo(1);
        assertThat(text.value(
                        "sequin_reconcile_duration_seconds_bucket", Map.of("controller", "sequin-sync", "le", "0.05")))
                .isEqualTo(1);
        assertThat(text.value("sequin_commits_total", Map.of("result", "fenced")))
                .isEqualTo(1);
        assertThat(text.value("sequin_commits_total", Map.of("result", "failed")))
                .isZero();
        assertThat(text.value("sequin_commit_duration_seconds_count", Map.of())).isEqualTo(2);
    }

    @Test
    void aSourcesRequestsAndItsBudgetAreThere() {
        Exposition text = scrape();
        Map<String, String> account = Map.of("kind", "stripe", "account", "acct_1");
        assertThat(text.value(
                        "sequin_source_requests_total",
                        Map.of("kind", "stripe", "purpose", "tail", "result", "rate_limited")))
                .isEqualTo(1);
        assertThat(text.value(
                        "sequin_source_rate_limited_seconds_total", Map.of("kind", "stripe", "purpose", "backfill")))
                .isEqualTo(1.5);
        assertThat(text.value("sequin_source_budget_requests_per_second", account))
                .isEqualTo(20.5);
        assertThat(text.value("sequin_source_requests_waiting", account)).isEqualTo(2);
    }

    @Test
    void theSeriesOfADeletedResourceAreGone() {
        assertThat(seriesOf("shop")).isNotEmpty();
        metrics.read(ScrapeSamples::empty, () -> Usage.NONE);
        assertThat(seriesOf("shop")).isEmpty();
    }

    private List<Sample> seriesOf(String name) {
        return scrape().families().values().stream()
                .flatMap(f -> f.samples().stream())
                .filter(s -> s.labels().values().stream().anyMatch(v -> v.contains(name)))
                .toList();
    }

    @Test
    void noTextOfAProblemIsALabel() {
        assertThat(metrics.scrape()).doesNotContain(ScrapeSamples.SECRET_ISH).doesNotContain("AuthenticationFailed");
    }

    private static Map<String, String> with(String label, String value) {
        return Map.of("namespace", "team", "name", "shop", label, value);
    }
}
