package io.sequin.engine;

import io.sequin.ManualClock;
import io.sequin.WideBudgets;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.data.ResyncPlan;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableSelection;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.engine.loop.SyncLoops;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.loop.Backoff;
import io.sequin.loop.LoopBody;
import io.sequin.loop.Turn;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.SourceContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** An engine over a ledger and a database in memory, moved turn by turn on a clock of its own. */
final class TestingEngine {
    static final ResourceKey KEY = new ResourceKey("ns", "sync", "uid-1");
    static final Duration RENEWAL = Duration.ofMinutes(10);
    static final Duration POLL = Duration.ofSeconds(30);
    private static final Duration LISTENING = Duration.ofSeconds(1);
    private static final int FETCH_GROUP = 2;
    private static final int PAGE_BYTES = 64 << 10;

    final ManualClock clock = new ManualClock();
    final Ledger ledger;
    final LedgerSource source;
    final MemoryDatabase database = new MemoryDatabase(clock);
    /** With more a table is listed again; for nodes made after it is set. */
    int dirtyKeys = 1_000;
    /** So many rows are asked for at once; for nodes made after it is set. */
    int fetchGroup = FETCH_GROUP;
    /** So much is held at once of what is asked for; for nodes made after it is set. */
    int pageBytes = PAGE_BYTES;
    /** So often, in real time, a turn that lasts listens; for nodes made after it is set. */
    Duration listening = LISTENING;

    final ByteBudget budget;

    TestingEngine(String... tables) {
        this(new Ledger(tables));
    }

    TestingEngine(Ledger ledger) {
        this(ledger, new ByteBudget(ByteBudget.DEFAULT));
    }

    TestingEngine(Ledger ledger, ByteBudget budget) {
        this.budget = budget;
        this.ledger = ledger;
        this.source = new LedgerSource(ledger, clock);
    }

    /** One process that works on the Sync. */
    Node node() {
        return node(plan());
    }

    /** The same, for some tables. */
    Node node(TableSelection tables) {
        return node(plan(tables));
    }

    Node node(SyncPlan plan) {
        return new Node(plan);
    }

    /** To be called while an answer of the source is on its way: other lanes go on. */
    void passTimeUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not reached while an answer was on its way");
            }
            clock.advance(Duration.ofSeconds(1));
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    static EngineSettings settings() {
        return settings(1_000, FETCH_GROUP, PAGE_BYTES, LISTENING);
    }

    private static EngineSettings settings(int dirtyKeys, int fetchGroup, int pageBytes, Duration listening) {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
        return new EngineSettings(
                7, 1 << 20, Duration.ofSeconds(3), pageBytes, 4, 4, fetchGroup, dirtyKeys, RENEWAL, listening, backoff);
    }

    static SyncPlan plan() {
        return plan(TableSelection.ALL);
    }

    static SyncPlan plan(TableSelection tables) {
        return plan(tables, POLL);
    }

    static SyncPlan plan(TableSelection tables, Duration poll) {
        CredentialRef ref = new CredentialRef("ns", "secret", "key");
        PostgresSettings settings = new PostgresSettings(
                new HostPort("db", 5432), "app", ref, ref, new TlsSettings(TlsMode.DISABLE, Optional.empty()), 5);
        SourceConfig config = new SourceConfig("ledger", "{}", Map.of());
        return new SyncPlan(
                new Owner("cluster", KEY, "ledger"), settings, "ledger", config, poll, tables, RateCeiling.NONE);
    }

    /** The same, with a re-sync. */
    static SyncPlan plan(ResyncPlan resync) {
        return plan().with(resync);
    }

    final class Node {
        final AtomicBoolean permit = new AtomicBoolean(true);
        final List<SyncSnapshot> snapshots = new CopyOnWriteArrayList<>();
        final LoopBody loop;
        /** As {@link io.sequin.loop.Loops#wake} sets it, also during a turn. */
        final AtomicBoolean wake = new AtomicBoolean();

        private Node(SyncPlan plan) {
            SourceContext context = new SourceContext(
                    ref -> SecretValue.of("none"),
                    HttpConnections.of(Proxies.NONE, Optional.empty()),
                    Map.of(),
                    "test",
                    clock,
                    WideBudgets.create());
            EngineParts parts = new EngineParts(
                    Map.of("ledger", source),
                    context,
                    database,
                    KnownStorage.NONE,
                    budget,
                    settings(dirtyKeys, fetchGroup, pageBytes, listening),
                    clock,
                    new Random(1));
            this.loop = new SyncLoops(parts).create(KEY, plan, permit::get, snapshots::add);
            loop.listen(() -> wake.getAndSet(false));
        }

        /** One turn, then the clock moves to the next. */
        Turn turn() throws InterruptedException {
            Turn turn = loop.turn();
            clock.advance(turn.next());
            return turn;
        }

        void turns(int count) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                turn();
            }
        }

        /** At least one turn. */
        void turnsUntil(BooleanSupplier condition) throws InterruptedException {
            for (int i = 0; i == 0 || !condition.getAsBoolean(); i++) {
                if (i == 500) {
                    throw new AssertionError("not reached in 500 turns; last snapshot: " + snapshot());
                }
                turn();
            }
        }

        /** The newest; there is one once a turn has asked the source. */
        SyncSnapshot snapshot() {
            return snapshots.getLast();
        }

        TableProgress table(String name) {
            return snapshot().tables().stream()
                    .filter(t -> t.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
