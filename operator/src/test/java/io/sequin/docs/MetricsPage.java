package io.sequin.docs;

import io.sequin.observability.Family;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of docs/metrics.md, from the families themselves. */
final class MetricsPage {
    /** The families of the JVM, by the library that measures them. */
    static final Map<String, String> JVM = new LinkedHashMap<>();

    private static final String INTRODUCTION = """
            # Metrics

            `/metrics` on the port of `--http-port` (8080), in Prometheus' text format. This page is generated: `THE_COMMAND` writes it again.

            - Every process answers; only the leader has loops, so a standby has no series of Syncs. Alert on `max by (…)` or on the leader.
            - `namespace` and `name` are those of a Sync or a Destination; `table` is one of the source's catalog. Their series end with the resource. Two families have a series for each table: `sequin_sync_rows` and `sequin_sync_table_state`; drop them by relabeling where that is too many.
            - No label holds a message, a reason or anything of the data.
            - Counters begin at 0 with the process; `sequin_sync_rows_written_total` with the Sync's loop. `rate()` takes care of both.

            ## The operator's own

            | Name | Type | Labels | Meaning | Look when |
            |---|---|---|---|---|
            """;

    static {
        JVM.put("jvm_memory_used_bytes", "Memory used, by area (heap, nonheap) and pool.");
        JVM.put("jvm_memory_committed_bytes", "Memory taken from the operating system.");
        JVM.put("jvm_memory_max_bytes", "Most memory a pool may take; -1 without a limit.");
        JVM.put("jvm_buffer_count_buffers", "Buffers outside the heap.");
        JVM.put("jvm_buffer_memory_used_bytes", "Memory of these buffers.");
        JVM.put("jvm_buffer_total_capacity_bytes", "Capacity of these buffers.");
        JVM.put(
                "jvm_gc_pause_seconds",
                "Pauses by garbage collection, their number and how long they took, by collector (gc).");
        JVM.put("jvm_threads_live_threads", "Platform threads.");
        JVM.put("jvm_threads_daemon_threads", "Platform threads that do not keep the process alive.");
        JVM.put("jvm_threads_peak_threads", "Most platform threads at once.");
        JVM.put("jvm_threads_started_threads_total", "Platform threads started.");
        JVM.put("jvm_threads_states_threads", "Platform threads by state.");
    }

    private MetricsPage() {}

    /**
     * The whole page.
     *
     * @param command writes the page again
     */
    static String text(String command) {
        StringBuilder page = new StringBuilder(INTRODUCTION.replace("THE_COMMAND", command));
        for (Family family : Family.values()) {
            row(
                    page,
                    code(family.exposed()),
                    family.type().name().toLowerCase(Locale.ROOT),
                    family.labels().stream().map(MetricsPage::code).collect(Collectors.joining(", ")),
                    family.help(),
                    family.alert());
        }
        page.append("\nA histogram has the endings `_bucket`, `_sum` and `_count`.\n\n## The JVM's\n\n");
        page.append("| Name | Meaning |\n|---|---|\n");
        JVM.forEach((name, meaning) -> row(page, code(name), meaning));
        return page.toString();
    }

    private static void row(StringBuilder page, String... cells) {
        for (String cell : cells) {
            page.append("| ").append(cell).append(cell.isEmpty() ? "" : " ");
        }
        page.append("|\n");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
