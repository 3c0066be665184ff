package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.TableSelection;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two tables with events, and two that have a tail each. */
@Timeout(60)
class TailsTest {
    private static final String REFRESH = "read refresh:r";

    private final TestingEngine engine = new TestingEngine("a", "b", "r", "s");
    private final TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() {
        engine.source.refreshed = Set.of("r", "s");
        for (int i = 10; i < 20; i++) {
            for (String table : engine.ledger.tablesInOrder()) {
                engine.ledger.put(table, "k" + i, "\"v" + i + "\"");
            }
        }
    }

    @Test
    void eachFollowsItsTables() throws Exception {
        node.turn();
        engine.ledger.put("a", "k10", "\"new\"");
        engine.ledger.put("r", "k10", "\"new\"");
        engine.ledger.put("s", "k11", "\"new\"");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void aSlowFirstPassHoldsUpTheTailsOfItsOwnTableOnly() throws Exception {
        CountDownLatch polled = new CountDownLatch(1);
        AtomicBoolean waited = new AtomicBoolean();
        engine.source.faults = point -> {
            if (point.equals(REFRESH)) {
                polled.countDown();
            }
            if (point.equals("read backfill:a") && waited.compareAndSet(false, true)) {
                await(polled);
            }
        };
        node.turn();
        assertThat(polled.getCount()).isZero();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void tailsRunAtTheSameTime() throws Exception {
        node.turn();
        CountDownLatch both = new CountDownLatch(2);
        engine.source.faults = point -> {
            if (point.startsWith("read refresh")) {
                both.countDown();
                await(both);
            }
        };
        engine.clock.advance(Duration.ofMinutes(1));
        node.turn();
        assertThat(both.getCount()).isZero();
    }

    @Test
    void aSlowPollHoldsUpNoOtherTail() throws Exception {
        node.turn();
        CountDownLatch twice = new CountDownLatch(2);
        engine.source.faults = point -> {
            if (point.equals("read events")) {
                twice.countDown();
            }
            while (point.equals(REFRESH) && twice.getCount() > 0) {
                engine.clock.advance(Duration.ofSeconds(1));
                Thread.onSpinWait();
            }
        };
        engine.clock.advance(Duration.ofMinutes(1));
        node.turn();
        assertThat(twice.getCount()).isZero();
    }

    /** As many as run at once, each on its way for some seconds. */
    @Test
    void walksOfTailsThatReadRowsHoldUpNoEvents() throws Exception {
        TestingEngine many = new TestingEngine("a", "r", "s", "t", "u");
        many.source.refreshed = Set.of("r", "s", "t", "u");
        TestingEngine.Node walking = many.node(TestingEngine.plan(TableSelection.ALL, Duration.ofSeconds(2)));
        walking.turn();
        CountDownLatch begun = new CountDownLatch(4);
        CountDownLatch polled = new CountDownLatch(1);
        many.source.faults = point -> {
            if (point.startsWith("read refresh")) {
                begun.countDown();
                await(begun);
                many.passTimeUntil(() -> polled.getCount() == 0);
            }
            if (point.equals("read events") && begun.getCount() == 0) {
                polled.countDown();
            }
        };
        many.clock.advance(Duration.ofMinutes(1));

        walking.turn();

        assertThat(polled.getCount()).isZero();
    }

    @Test
    void aFailingTailStopsNoOther() throws Exception {
        node.turn();
        engine.source.faults = point -> {
            if (point.equals(REFRESH)) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "not allowed"));
            }
        };
        engine.ledger.put("a", "k10", "\"new\"");
        engine.ledger.put("s", "k10", "\"new\"");
        node.turnsUntil(() -> node.table("r").state() == TableState.FAILING
                && engine.database.rowsOf("a").containsValue("\"new\"")
                && engine.database.rowsOf("s").containsValue("\"new\""));
        assertThat(node.snapshot().source()).as("trouble of its table only").isEmpty();
        Instant before = node.snapshot().caughtUp().orElseThrow();
        node.turnsUntil(() -> node.snapshot().caughtUp().orElseThrow().isAfter(before));
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("r").state() == TableState.LIVE);
        assertThat(node.table("r").problem()).isEmpty();
    }

    @Test
    void aTailRestsAsLongAsItsLaneSaysAndThatIsNoLag() throws Exception {
        engine.source.every = Duration.ofMinutes(10);
        node.turn();
        Instant start = engine.clock.instant();
        int reads = reads();
        while (engine.clock.instant().isBefore(start.plus(Duration.ofMinutes(9)))) {
            node.turn();
            assertThat(node.snapshot().caughtUp().orElseThrow())
                    .isAfter(engine.clock.instant().minus(Duration.ofMinutes(2)));
        }
        assertThat(reads()).isEqualTo(reads);
        engine.clock.advance(Duration.ofMinutes(2));
        node.turn();
        assertThat(reads()).isGreaterThan(reads);
    }

    @Test
    void theLagIsThatOfTheSlowest() throws Exception {
        node.turn();
        Instant stuck = node.snapshot().caughtUp().orElseThrow();
        engine.source.faults = point -> {
            if (point.equals(REFRESH)) {
                throw new SourceException(Problem.of(SourceProblem.UNREACHABLE, "cut"));
            }
        };
        node.turns(3);
        assertThat(node.snapshot().caughtUp()).contains(stuck);
        assertThat(node.snapshot().source()).isPresent();
    }

    @Test
    void aSourceWhoseClockIsBehindOursIsNoLag() throws Exception {
        engine.source.behind = Duration.ofHours(1);
        node.turns(2);
        assertThat(node.snapshot().caughtUp().orElseThrow())
                .isAfter(engine.clock.instant().minus(Duration.ofMinutes(2)));
    }

    @Test
    void anIdlePollIsOneRequest() throws Exception {
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        engine.clock.advance(Duration.ofMinutes(1));
        List<String> asked = new CopyOnWriteArrayList<>();
        engine.source.faults = asked::add;
        node.turn();
        assertThat(asked).containsExactlyInAnyOrder("read events", REFRESH, "read refresh:s");
    }

    @Test
    void aLongWalkOfOneTableHoldsUpNoResyncOfAnother() throws Exception {
        node.turn();
        node.loop.close(StopReason.SHUTDOWN);
        ResyncRequest request = new ResyncRequest("t", Set.of("a"));
        TestingEngine.Node again = engine.node(
                TestingEngine.plan(new ResyncPlan(Optional.of(request), new DeleteGuard(100, Optional.empty()))));
        CountDownLatch walks = new CountDownLatch(1);
        AtomicBoolean failed = new AtomicBoolean();
        AtomicBoolean walked = new AtomicBoolean();
        engine.database.faults = point -> {
            if (point.startsWith("start ") && failed.compareAndSet(false, true)) {
                await(walks);
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
        };
        engine.source.answers = point -> {
            if (point.equals(REFRESH) && walked.compareAndSet(false, true)) {
                walks.countDown();
                engine.passTimeUntil(() -> again.snapshot()
                        .resync()
                        .filter(r -> r.handled().filter("t"::equals).isPresent()
                                && r.left().isEmpty())
                        .isPresent());
            }
        };
        again.turn();
        assertThat(failed).isTrue();
        assertThat(walked).isTrue();
    }

    @Test
    void aProductThatTheAccountDoesNotHaveIsAskedForEachHour() throws Exception {
        AtomicBoolean offered = new AtomicBoolean();
        engine.source.faults = point -> {
            if (!offered.get() && point.equals("read backfill:b")) {
                throw new SourceException(Problem.of(SourceProblem.NOT_OFFERED, "no such product"), "b", null);
            }
        };
        Instant start = engine.clock.instant();
        node.turnsUntil(() -> node.snapshot().caughtUp().isPresent());
        assertThat(node.table("b").state()).isEqualTo(TableState.NOT_OFFERED);
        assertThat(node.snapshot().offered()).extracting(TableProgress::name).containsExactly("a", "r", "s");
        offered.set(true);
        node.turnsUntil(() -> node.table("b").state() == TableState.LIVE);
        assertThat(Duration.between(start, engine.clock.instant()))
                .isBetween(Duration.ofMinutes(58), Duration.ofMinutes(62));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private int reads() {
        return (int) engine.source.reads.stream()
                .filter(read -> read.lane().equals(LedgerSource.refreshOf("r")))
                .count();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
