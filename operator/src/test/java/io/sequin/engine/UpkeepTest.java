package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work on all rows of a large table, which takes minutes, and which the other tables don't wait for. */
@Timeout(60)
class UpkeepTest {
    private final TestingEngine engine = new TestingEngine("a", "b");
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() throws Exception {
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
        }
        node.turn();
        node.loop.close(StopReason.SHUTDOWN);
        node = engine.node();
    }

    @Test
    void othersFollowTheirChangesWhileValuesMoveAndNothingIsWrittenToThatTableBefore() throws Exception {
        engine.database.leave("a", Upkeep.PROMOTE);
        int before = engine.database.commits.size();
        AtomicInteger pieces = new AtomicInteger();
        engine.database.faults = point -> {
            if (!point.equals("tend a")) {
                return;
            }
            if (pieces.incrementAndGet() == 1) {
                engine.ledger.put("a", "k10", "\"new\"");
                engine.ledger.put("b", "k10", "\"new\"");
            }
            if (!engine.database.rowsOf("b").containsValue("\"new\"")) {
                // as long as others need
                engine.database.leave("a", Upkeep.PROMOTE, Upkeep.PROMOTE);
                engine.clock.advance(Duration.ofSeconds(1));
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                return;
            }
            assertThat(engine.database.commits.stream().skip(before).map(Batch::changes))
                    .allSatisfy(changes ->
                            assertThat(changes).extracting(Change::table).doesNotContain("a"));
            assertThat(engine.database.dirtyOf("a"))
                    .extracting(Change.Hint::key)
                    .containsExactly(RowKey.of("k10"));
        };
        node.turnsUntil(() -> pieces.get() > 0 && node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aTableFollowsItsChangesWhileRowsArePurged() throws Exception {
        engine.database.leave("a", Upkeep.PURGE, Upkeep.PURGE);
        AtomicInteger pieces = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("tend a")) {
                pieces.incrementAndGet();
            }
        };
        engine.ledger.put("a", "k10", "\"new\"");
        node.turnsUntil(() -> pieces.get() == 2);
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.dirtyOf("a")).isEmpty();
    }

    @Test
    void whatIsKeptFromBeingPurgedIsTriedAgainLaterAndTheTableGoesOn() throws Exception {
        engine.database.leave("a", Upkeep.PURGE, Upkeep.PURGE_REFUSED, Upkeep.PURGE_REFUSED);
        AtomicInteger tries = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("tend a")) {
                tries.incrementAndGet();
            }
        };
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        engine.ledger.put("a", "k10", "\"new\"");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(tries).as("it waits").hasValue(1);
        engine.clock.advance(Duration.ofHours(1));
        node.turnsUntil(() -> tries.get() == 2);
        node.loop.woken();
        node.turnsUntil(() -> tries.get() == 3);
        engine.clock.advance(Duration.ofHours(3));
        node.turns(5);
        assertThat(tries).as("nothing is left").hasValue(3);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void whatALockKeepsFromBeingPurgedIsTriedAgainSoonAndTheTableGoesOn() throws Exception {
        engine.database.leave("a", Upkeep.PURGE, Upkeep.PURGE_REFUSED, Upkeep.PURGE_REFUSED);
        engine.database.tables.kept = List.of(Problem.of(PostgresProblem.LOCK_TIMEOUT, "locked"));
        AtomicInteger tries = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("tend a")) {
                tries.incrementAndGet();
            }
        };
        node.turnsUntil(() -> tries.get() == 1);
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
        assertThat(node.table("a").notices()).extracting(Problem::code).containsExactly(PostgresProblem.LOCK_TIMEOUT);
        engine.ledger.put("a", "k10", "\"new\"");
        Instant first = engine.clock.instant();
        node.turnsUntil(() -> tries.get() == 3);
        assertThat(Duration.between(first, engine.clock.instant())).isLessThan(Duration.ofMinutes(2));
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(node.table("a").notices()).isEmpty();
    }

    @Test
    void valuesMoveBeforeRowsComeToATableThatCouldNotBeMadeSureOfAtFirst() throws Exception {
        TestingEngine fresh = new TestingEngine("a");
        fresh.ledger.put("a", "k10", "\"first\"");
        fresh.database.leave("a", Upkeep.PROMOTE, Upkeep.PROMOTE);
        AtomicInteger refusals = new AtomicInteger();
        AtomicInteger pieces = new AtomicInteger();
        fresh.database.faults = point -> {
            if (point.equals("ensure a") && refusals.incrementAndGet() == 1) {
                throw new TableException("a", Problem.of(PostgresProblem.TABLE_CONFLICT, "another's"), null, null);
            }
            if (point.equals("tend a")) {
                pieces.incrementAndGet();
                assertThat(fresh.database.rowsOf("a")).isEmpty();
            }
        };
        TestingEngine.Node now = fresh.node();
        now.turnsUntil(() -> now.table("a").state() == TableState.LIVE);
        assertThat(pieces).hasValue(2);
        assertThat(fresh.database.content()).isEqualTo(fresh.ledger.truth());
    }

    @Test
    void aTableWhoseValuesCanNotMoveStopsNoOtherThatIsFilledWithIt() throws Exception {
        TestingEngine family = new TestingEngine(new Ledger("b").with("b_line", "b"));
        family.ledger.put("b", "k10", "\"first\"");
        family.ledger.putChild("b_line", "k10", "l10", "\"first\"");
        AtomicBoolean refused = new AtomicBoolean(true);
        family.database.leave("b_line", Upkeep.PROMOTE);
        family.database.faults = point -> {
            if (refused.get() && point.equals("tend b_line")) {
                throw new TableException(
                        "b_line", Problem.of(PostgresProblem.RECORD_REJECTED, "a trigger says no"), "P0001", null);
            }
        };
        TestingEngine.Node now = family.node();
        now.turnsUntil(() -> now.table("b").state() == TableState.LIVE);
        assertThat(now.table("b_line").state()).isEqualTo(TableState.FAILING);
        assertThat(family.database.rowsOf("b_line")).isEmpty();
        refused.set(false);
        now.turnsUntil(() -> now.table("b_line").state() == TableState.LIVE);
        assertThat(family.database.content()).isEqualTo(family.ledger.truth());
    }

    @Test
    void whatWasCutGoesOnByItself() throws Exception {
        engine.database.leave("a", Upkeep.PROMOTE, Upkeep.PURGE);
        AtomicBoolean cut = new AtomicBoolean();
        AtomicInteger pieces = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("tend a")) {
                if (cut.compareAndSet(false, true)) {
                    throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
                }
                pieces.incrementAndGet();
            }
        };
        engine.ledger.put("a", "k10", "\"new\"");
        node.turnsUntil(() -> pieces.get() == 2 && node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aTableWhoseValuesCanNotMoveStopsNoOtherOfItsLane() throws Exception {
        TestingEngine family = new TestingEngine(new Ledger("b").with("b_line", "b"));
        family.ledger.put("b", "k10", "\"first\"");
        family.ledger.putChild("b_line", "k10", "l10", "\"first\"");
        TestingEngine.Node before = family.node();
        before.turn();
        before.loop.close(StopReason.SHUTDOWN);
        AtomicBoolean refused = new AtomicBoolean(true);
        family.database.leave("b_line", Upkeep.PROMOTE);
        family.database.leave("b", Upkeep.PROMOTE);
        family.database.faults = point -> {
            if (refused.get() && point.equals("tend b_line")) {
                throw new TableException(
                        "b_line", Problem.of(PostgresProblem.RECORD_REJECTED, "a trigger says no"), "P0001", null);
            }
            if (point.equals("tend b")) {
                family.ledger.put("b", "k10", "\"new\"");
            }
        };
        TestingEngine.Node now = family.node();
        now.turnsUntil(() -> family.database.rowsOf("b").containsValue("\"new\"")
                && now.table("b").state() == TableState.LIVE);
        assertThat(now.table("b_line").state()).isEqualTo(TableState.FAILING);
        refused.set(false);
        now.turnsUntil(() -> now.table("b_line").state() == TableState.LIVE);
        assertThat(family.database.content()).isEqualTo(family.ledger.truth());
    }
}
