package io.sequin.observability;

import static io.sequin.observability.Family.BUILD_INFO;
import static io.sequin.observability.Family.BYTE_BUDGET_HELD;
import static io.sequin.observability.Family.BYTE_BUDGET_LIMIT;
import static io.sequin.observability.Family.CONNECTS;
import static io.sequin.observability.Family.LEADER;
import static io.sequin.observability.Family.LOOPS;
import static io.sequin.observability.Family.LOOPS_STUCK;
import static io.sequin.observability.Family.LOOP_CRASHES;
import static io.sequin.observability.Family.POOL_CONNECTIONS;
import static io.sequin.observability.Family.POOL_MAX;
import static io.sequin.observability.Family.POOL_WAITING;
import static io.sequin.observability.Family.RESOURCE_CONDITION;
import static io.sequin.observability.Family.SOURCE_BUDGET;
import static io.sequin.observability.Family.SOURCE_BUDGET_CONCURRENT;
import static io.sequin.observability.Family.SOURCE_UNDER_WAY;
import static io.sequin.observability.Family.SOURCE_WAITING;
import static io.sequin.observability.Family.SYNC_BACKFILL_PROGRESS;
import static io.sequin.observability.Family.SYNC_LAG;
import static io.sequin.observability.Family.SYNC_LAST_SUCCESS;
import static io.sequin.observability.Family.SYNC_ROWS;
import static io.sequin.observability.Family.SYNC_ROWS_WRITTEN;
import static io.sequin.observability.Family.SYNC_TABLES;
import static io.sequin.observability.Family.SYNC_TABLE_ERRORS;
import static io.sequin.observability.Family.SYNC_TABLE_STATE;
import static io.sequin.observability.Family.WORKQUEUE_ACTIVE;
import static io.sequin.observability.Family.WORKQUEUE_DEPTH;

import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.postgres.PoolUse;
import io.sequin.source.BudgetUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Turns what was observed into values. Pure. */
final class ScrapeReadings {
    private final Readings readings = new Readings();

    private ScrapeReadings() {}

    static Readings of(Observed observed, Usage usage, String version, Instant now) {
        ScrapeReadings all = new ScrapeReadings();
        all.process(observed, version);
        all.usage(usage);
        observed.resources().forEach(all::resource);
        observed.syncs().forEach((key, snapshot) -> all.sync(key, snapshot, now));
        return all.readings;
    }

    private void process(Observed observed, String version) {
        readings.add(LEADER, observed.leader() ? 1 : 0);
        readings.add(BUILD_INFO, 1, version);
        readings.add(WORKQUEUE_DEPTH, observed.queue().depth());
        readings.add(WORKQUEUE_ACTIVE, observed.queue().active());
        for (LoopsState loops : observed.loops()) {
            readings.add(LOOPS, loops.running(), loops.kind());
            readings.add(LOOPS_STUCK, loops.stuck(), loops.kind());
            readings.add(LOOP_CRASHES, loops.crashes(), loops.kind());
        }
    }

    private void usage(Usage usage) {
        readings.add(BYTE_BUDGET_LIMIT, usage.budgetLimit());
        readings.add(BYTE_BUDGET_HELD, usage.budgetHeld());
        readings.add(CONNECTS, usage.connects().opened(), "ok");
        readings.add(CONNECTS, usage.connects().failed(), "failed");
        for (PoolUse pool : usage.pools()) {
            readings.add(POOL_CONNECTIONS, pool.active(), pool.namespace(), pool.pool(), "active");
            readings.add(POOL_CONNECTIONS, pool.idle(), pool.namespace(), pool.pool(), "idle");
            readings.add(POOL_WAITING, pool.waiting(), pool.namespace(), pool.pool());
            readings.add(POOL_MAX, pool.max(), pool.namespace(), pool.pool());
        }
        usage.budgets().forEach(this::budget);
    }

    private void budget(BudgetUse use) {
        String account = use.account().value();
        readings.add(SOURCE_BUDGET, use.perSecond(), use.kind(), account);
        readings.add(SOURCE_BUDGET_CONCURRENT, use.concurrent(), use.kind(), account);
        readings.add(SOURCE_UNDER_WAY, use.underWay(), use.kind(), account);
        readings.add(SOURCE_WAITING, use.waiting(), use.kind(), account);
    }

    private void resource(ResourceState r) {
        r.conditions()
                .forEach((type, status) ->
                        readings.add(RESOURCE_CONDITION, 1, r.kind(), r.namespace(), r.name(), type, status));
    }

    private void sync(ResourceKey key, SyncSnapshot snapshot, Instant now) {
        String namespace = key.namespace();
        String name = key.name();
        for (TableState state : TableState.values()) {
            readings.add(SYNC_TABLES, 0, namespace, name, state.text());
        }
        for (TableProgress table : snapshot.tables()) {
            readings.add(SYNC_ROWS, table.rows(), namespace, name, table.name());
            readings.add(SYNC_TABLE_ERRORS, table.errors(), namespace, name, table.name());
            readings.add(
                    SYNC_TABLE_STATE,
                    1,
                    namespace,
                    name,
                    table.name(),
                    table.state().text());
            readings.add(SYNC_TABLES, 1, namespace, name, table.state().text());
        }
        readings.add(SYNC_ROWS_WRITTEN, snapshot.rowsWritten(), namespace, name);
        snapshot.caughtUp().ifPresent(at -> readings.add(SYNC_LAG, lag(at, now), namespace, name));
        snapshot.lastSuccess().ifPresent(at -> readings.add(SYNC_LAST_SUCCESS, seconds(at), namespace, name));
        List<TableProgress> counted = snapshot.offered();
        if (!counted.isEmpty()) {
            readings.add(SYNC_BACKFILL_PROGRESS, progress(counted), namespace, name);
        }
    }

    private static double progress(List<TableProgress> tables) {
        long done = tables.stream().filter(TableProgress::firstPassDone).count();
        return (double) done / tables.size();
    }

    private static double lag(Instant caughtUp, Instant now) {
        return Math.max(0, Duration.between(caughtUp, now).toMillis() / 1000.0);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }
}
