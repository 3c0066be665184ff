package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table that can't be made sure of for a while, since somebody holds a lock on it. */
@Timeout(60)
class UnsureTablesTest {
    private TestingEngine engine = new TestingEngine("a", "b");
    private final AtomicBoolean locked = new AtomicBoolean();

    private void ensuring(String point) {
        if (locked.get() && point.equals("ensure a")) {
            throw new TableException("a", Problem.of(PostgresProblem.LOCK_TIMEOUT, "locked"), "55P03", null);
        }
    }

    private void goesOnOnceTheLockIsGone(TestingEngine.Node node) throws Exception {
        assertThat(node.table("a").problem()).map(Problem::code).contains(PostgresProblem.LOCK_TIMEOUT);
        assertThat(node.snapshot().destination()).isEmpty();
        locked.set(false);
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void stopsNoOtherWhileTheSyncOpensAndGoesOnByItself() throws Exception {
        engine.database.faults = this::ensuring;
        locked.set(true);
        engine.ledger.put("a", "k10", "\"a\"");
        engine.ledger.put("b", "k10", "\"b\"");
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> node.table("b").state() == TableState.LIVE);
        engine.ledger.put("a", "k10", "\"new\"");
        engine.ledger.put("b", "k10", "\"new\"");
        node.turnsUntil(() -> engine.database.rowsOf("b").containsValue("\"new\""));
        node.turns(10);
        assertThat(engine.database.takes()).isEqualTo(1);
        goesOnOnceTheLockIsGone(node);
    }

    @Test
    void keepsNoCommitOfOthersWaitingWhoseAnswerWasLost() throws Exception {
        TestingEngine.Node node = live();
        lose(LedgerSource.EVENTS);
        engine.ledger.put("a", "k10", "\"a\"");
        node.turnsUntil(locked::get);
        engine.ledger.put("b", "k10", "\"new\"");
        node.turnsUntil(() -> engine.database.rowsOf("b").containsValue("\"new\""));
        assertThat(engine.database.takes()).isEqualTo(1);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void stopsNoOtherOfItsLaneAfterACommitWhoseAnswerWasLost() throws Exception {
        engine = new TestingEngine(new Ledger("b").with("a", "b"));
        engine.ledger.put("b", "k10", "\"b\"");
        engine.ledger.putChild("a", "k10", "l10", "\"a\"");
        lose(LedgerSource.firstPassOf("b"));
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> locked.get() && node.table("b").state() == TableState.LIVE);
        engine.ledger.put("b", "k10", "\"new\"");
        engine.ledger.putChild("a", "k10", "l10", "\"new\"");
        node.turnsUntil(() -> engine.database.rowsOf("b").containsValue("\"new\""));
        assertThat(engine.database.takes()).isEqualTo(1);
        goesOnOnceTheLockIsGone(node);
    }

    private TestingEngine.Node live() throws Exception {
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() ->
                node.table("a").state() == TableState.LIVE && node.table("b").state() == TableState.LIVE);
        return node;
    }

    /** The next commit of a lane has no answer, and after it somebody locks the table. */
    private void lose(LaneId lane) {
        AtomicBoolean lost = new AtomicBoolean();
        engine.database.faults = point -> {
            if (point.equals("committed " + lane) && lost.compareAndSet(false, true)) {
                locked.set(true);
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
            ensuring(point);
        };
    }
}
