package io.sequin.observability;

import java.util.List;

/**
 * Every family of metrics that is ours, and what Prometheus is told of it. Names are part of what users rely on: alerts
 * and dashboards use them. Labels take few values: what exists in the cluster, the tables of a source's catalog, and
 * closed lists; never a message, a reason, a uid.
 */
public enum Family {
    LEADER(Type.GAUGE, "sequin_leader", "1 on the process that leads, 0 on a standby.", "sum is not 1 for 1 minute"),
    BUILD_INFO(Type.GAUGE, "sequin_build_info", "1; the label says which version runs.", "", "version"),
    LOOPS(Type.GAUGE, "sequin_loops", "Loops that run: one for each Sync or Destination at work.", "", "kind"),
    LOOPS_STUCK(
            Type.GAUGE, "sequin_loops_stuck", "Loops whose turn shows no sign of life for 30 minutes.", "> 0", "kind"),
    LOOP_CRASHES(
            Type.COUNTER,
            "sequin_loop_crashes_total",
            "Turns of loops that ended in a mistake of the operator.",
            "increases: report it, with the log",
            "kind"),
    RECONCILES(
            Type.COUNTER,
            "sequin_reconcile_total",
            "Reconciles that ended, by result: success or error.",
            "result=\"error\" keeps increasing",
            "controller",
            "result"),
    RECONCILE_DURATION(
            Type.HISTOGRAM,
            "sequin_reconcile_duration_seconds",
            "Time a reconcile took; it talks to the API server only.",
            "the 99th percentile is above 5 s",
            "controller"),
    WORKQUEUE_DEPTH(
            Type.GAUGE, "sequin_workqueue_depth", "Reconciles that wait for a thread.", "stays above 0 for 10 minutes"),
    WORKQUEUE_ACTIVE(Type.GAUGE, "sequin_workqueue_active", "Reconciles that run.", ""),
    BYTE_BUDGET_LIMIT(
            Type.GAUGE,
            "sequin_byte_budget_limit_bytes",
            "Fetched data that may be in memory at once, over all Syncs (--byte-budget).",
            ""),
    BYTE_BUDGET_HELD(
            Type.GAUGE,
            "sequin_byte_budget_held_bytes",
            "Fetched data in memory now, or room kept for it; above the limit while one large record is carried.",
            ""),
    RESOURCE_CONDITION(
            Type.GAUGE,
            "sequin_resource_condition",
            "1 for the status that a condition of a Sync or a Destination has.",
            "type=\"Stalled\" with status=\"True\"; type=\"Ready\" with status=\"False\" for 10 minutes",
            "kind",
            "namespace",
            "name",
            "type",
            "status"),
    SYNC_ROWS(
            Type.GAUGE,
            "sequin_sync_rows",
            "Rows in a table, counted as they are written.",
            "",
            "namespace",
            "name",
            "table"),
    SYNC_ROWS_WRITTEN(
            Type.COUNTER,
            "sequin_sync_rows_written_total",
            "Rows inserted, updated or deleted; starts again with the Sync's loop.",
            "",
            "namespace",
            "name"),
    SYNC_TABLE_STATE(
            Type.GAUGE,
            "sequin_sync_table_state",
            "1 for the state a table is in.",
            "state=\"Failing\"",
            "namespace",
            "name",
            "table",
            "state"),
    SYNC_TABLE_ERRORS(
            Type.GAUGE,
            "sequin_sync_table_errors",
            "Records of a table that Postgres can't take and that are set aside in _sync_error.",
            "above 0",
            "namespace",
            "name",
            "table"),
    SYNC_TABLES(
            Type.GAUGE,
            "sequin_sync_tables",
            "Tables of a Sync by state.",
            "state=\"Failing\" is above 0 for 10 minutes",
            "namespace",
            "name",
            "state"),
    SYNC_LAG(
            Type.GAUGE,
            "sequin_sync_lag_seconds",
            "Now less the time at which the last poll began that was applied to its end; missing until the first has ended.",
            "above 5 minutes and above 3 × pollInterval",
            "namespace",
            "name"),
    SYNC_LAST_SUCCESS(
            Type.GAUGE,
            "sequin_sync_last_success_timestamp_seconds",
            "When a batch was last committed, or a poll last found its end, since the loop began.",
            "older than 15 minutes while sequin_leader is 1",
            "namespace",
            "name"),
    SYNC_BACKFILL_PROGRESS(
            Type.GAUGE,
            "sequin_sync_backfill_progress_ratio",
            "Share of a Sync's tables whose first pass is done, 0 to 1; without those that the account does not have.",
            "",
            "namespace",
            "name"),
    POOL_CONNECTIONS(
            Type.GAUGE,
            "sequin_pool_connections",
            "Open connections to Postgres, active or idle. A pool is named by host:port/database.",
            "",
            "namespace",
            "pool",
            "state"),
    POOL_MAX(
            Type.GAUGE,
            "sequin_pool_max_connections",
            "Most connections that a pool may hold open.",
            "",
            "namespace",
            "pool"),
    POOL_WAITING(
            Type.GAUGE,
            "sequin_pool_waiting",
            "Threads that wait for a connection of a pool.",
            "stays above 0 for 10 minutes",
            "namespace",
            "pool"),
    CONNECTS(
            Type.COUNTER,
            "sequin_connects_total",
            "Connections that pools opened to Postgres, or failed to open, by result: ok or failed.",
            "result=\"failed\" keeps increasing",
            "result"),
    COMMITS(
            Type.COUNTER,
            "sequin_commits_total",
            "Batches written to Postgres by result: committed, failed (rolled back or unknown; tried again), or fenced"
                    + " (another process has taken the schema; nothing was written).",
            "result=\"fenced\" increases other than after a change of leader",
            "result"),
    COMMIT_DURATION(
            Type.HISTOGRAM,
            "sequin_commit_duration_seconds",
            "Time from the begin of a batch's transaction to the answer of its commit.",
            ""),
    SOURCE_REQUESTS(
            Type.COUNTER,
            "sequin_source_requests_total",
            "Requests to sources by purpose (probe, tail, fetch, backfill) and result (ok, not_found, denied,"
                    + " rate_limited, error, unreachable).",
            "share of result=\"error\" and result=\"unreachable\"; any result=\"denied\"",
            "kind",
            "purpose",
            "result"),
    SOURCE_REQUEST_DURATION(
            Type.HISTOGRAM,
            "sequin_source_request_duration_seconds",
            "Time from sending a request to the end of its answer.",
            "",
            "kind"),
    SOURCE_RATE_LIMITED(
            Type.COUNTER,
            "sequin_source_rate_limited_seconds_total",
            "Time that requests waited for their place in an account's budget, in seconds.",
            "",
            "kind",
            "purpose"),
    SOURCE_BUDGET(
            Type.GAUGE,
            "sequin_source_budget_requests_per_second",
            "Requests a second that the operator allows itself for an account now; less than usual after the source"
                    + " asked to slow down.",
            "",
            "kind",
            "account"),
    SOURCE_BUDGET_CONCURRENT(
            Type.GAUGE,
            "sequin_source_budget_concurrent_requests",
            "Requests at once that the operator allows itself for an account now.",
            "",
            "kind",
            "account"),
    SOURCE_UNDER_WAY(
            Type.GAUGE,
            "sequin_source_requests_under_way",
            "Requests of an account that have no answer yet.",
            "",
            "kind",
            "account"),
    SOURCE_WAITING(
            Type.GAUGE,
            "sequin_source_requests_waiting",
            "Requests of an account that wait for their place in its budget.",
            "",
            "kind",
            "account"),
    PROCESS_CPU(Type.COUNTER, "process_cpu_seconds_total", "CPU time of the process, user and system.", ""),
    PROCESS_RSS(
            Type.GAUGE,
            "process_resident_memory_bytes",
            "Memory of the process that is in RAM; Linux only.",
            "near the container's limit"),
    PROCESS_START(Type.GAUGE, "process_start_time_seconds", "When the process started, in seconds since 1970.", ""),
    PROCESS_OPEN_FDS(Type.GAUGE, "process_open_fds", "Open file descriptors; Unix only.", ""),
    PROCESS_MAX_FDS(Type.GAUGE, "process_max_fds", "Most file descriptors that may be open; Unix only.", "");

    /** What a family is. */
    public enum Type {
        GAUGE,
        /** Only grows while the process lives; its name ends in {@code _total}. */
        COUNTER,
        /** Has {@code _bucket}, {@code _sum} and {@code _count}. */
        HISTOGRAM
    }

    private final Type type;
    private final String exposed;
    private final String help;
    private final String alert;
    private final String labels;

    Family(Type type, String exposed, String help, String alert, String... labels) {
        this.type = type;
        this.exposed = exposed;
        this.help = help;
        this.alert = alert;
        this.labels = String.join(",", labels);
    }

    public Type type() {
        return type;
    }

    /** The name in the text for Prometheus; that of a histogram without its endings. */
    public String exposed() {
        return exposed;
    }

    /** The name as the client library wants it, which adds {@code _total} itself. */
    String base() {
        return type == Type.COUNTER ? exposed.substring(0, exposed.length() - "_total".length()) : exposed;
    }

    public String help() {
        return help;
    }

    /** When somebody should look; empty where it only explains. */
    public String alert() {
        return alert;
    }

    public List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(","));
    }
}
