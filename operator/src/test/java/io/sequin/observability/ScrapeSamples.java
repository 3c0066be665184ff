package io.sequin.observability;

import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.engine.Pace;
import io.sequin.engine.Reached;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.engine.Troubles;
import io.sequin.postgres.Connects;
import io.sequin.postgres.PoolUse;
import io.sequin.postgres.load.CommitListener;
import io.sequin.source.BudgetUse;
import io.sequin.source.Purpose;
import io.sequin.source.RequestListener;
import io.sequin.source.SourceProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An operator with one Sync in the middle of its work. */
final class ScrapeSamples {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    static final String SECRET_ISH = "password authentication failed for user";
    private static final ResourceKey SHOP = new ResourceKey("team", "shop", "0b5e");

    private ScrapeSamples() {}

    /** Metrics with every family of ours in them. */
    static OperatorMetrics full() {
        OperatorMetrics metrics = new OperatorMetrics("1.2.3", Clock.fixed(NOW, ZoneOffset.UTC));
        metrics.read(ScrapeSamples::observed, ScrapeSamples::usage);
        metrics.recorder().reconciled("sequin-sync", true, Duration.ofMillis(20));
        metrics.recorder().reconciled("sequin-sync", false, Duration.ofSeconds(3));
        metrics.recorder().ended(CommitListener.Result.COMMITTED, Duration.ofMillis(7));
        metrics.recorder().ended(CommitListener.Result.FENCED, Duration.ofMillis(2));
        metrics.recorder().ended("stripe", Purpose.TAIL, RequestListener.Result.RATE_LIMITED, Duration.ofMillis(300));
        metrics.recorder().waited("stripe", Purpose.BACKFILL, Duration.ofMillis(1500));
        return metrics;
    }

    static Observed observed() {
        return new Observed(
                true,
                Map.of(SHOP, snapshot()),
                List.of(new ResourceState("Sync", "team", "shop", Map.of("Ready", "True", "UpToDate", "False"))),
                List.of(new LoopsState("Destination", 1, 0, 0), new LoopsState("Sync", 1, 1, 2)),
                new Observed.Queue(4, 16));
    }

    /** The same without any resource. */
    static Observed empty() {
        return new Observed(true, Map.of(), List.of(), List.of(), new Observed.Queue(0, 0));
    }

    private static Usage usage() {
        return new Usage(
                48 << 20,
                1 << 20,
                List.of(new PoolUse("team", "db.example.com:5432/app", 2, 1, 3, 5)),
                new Connects(7, 1),
                List.of(new BudgetUse("stripe", new AccountId("acct_1"), 20.5, 18, 4, 3, 2)));
    }

    private static SyncSnapshot snapshot() {
        return new SyncSnapshot(
                Troubles.ofSource(Problem.of(SourceProblem.AUTHENTICATION_FAILED, SECRET_ISH)),
                new Reached(
                        true,
                        true,
                        true,
                        Optional.of(new AccountId("acct_1")),
                        Optional.of("storage-1"),
                        Instant.EPOCH),
                List.of(
                        table("charge", TableState.LIVE, 100),
                        table("customer", TableState.BACKFILLING, 10),
                        table("product", TableState.PENDING, 0),
                        table("price", TableState.FAILING, 0),
                        table("payout", TableState.NOT_OFFERED, 0)),
                List.of(),
                new Pace(
                        Optional.of(NOW.minusSeconds(60)),
                        Optional.of(NOW.minusSeconds(90)),
                        110,
                        Optional.of(NOW.minusSeconds(5))));
    }

    private static TableProgress table(String name, TableState state, long rows) {
        return new TableProgress(
                name,
                state,
                state == TableState.LIVE,
                rows,
                Optional.empty(),
                state == TableState.FAILING
                        ? Optional.of(Problem.of(SourceProblem.PERMISSION_DENIED, SECRET_ISH))
                        : Optional.empty(),
                state == TableState.LIVE ? 2 : 0,
                List.of());
    }
}
