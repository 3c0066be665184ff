package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.TablePhase;
import io.sequin.loop.StopReason;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A page of a listing is read, then something happens, the tail applies that, and only then the page is committed: it
 * must not undo it. The listing runs over a table that is live, since another one that it fills was dropped.
 */
@Timeout(60)
class StalePagesTest {
    private static final String LISTING = "read backfill:b";

    private final TestingEngine engine = new TestingEngine(new Ledger("b").with("b_line", "b"));
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() throws Exception {
        engine.ledger.put("b", "k10", "\"first\"");
        engine.ledger.put("b", "k11", "\"first\"");
        engine.ledger.putChild("b_line", "k10", "l1", "\"first\"");
        engine.ledger.putChild("b_line", "k10", "l2", "\"first\"");
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void readBeforeAChange() throws Exception {
        listAnew(
                "b_line",
                () -> engine.ledger.put("b", "k10", "\"new\""),
                () -> value("b", "k10").equals("\"new\""));
    }

    @Test
    void readBeforeADelete() throws Exception {
        listAnew(
                "b_line",
                () -> engine.ledger.delete("b", "k10"),
                () -> value("b", "k10").isEmpty());
    }

    @Test
    void readBeforeAChangeThatLeftTheRowEqual() throws Exception {
        engine.ledger.put("b", "k10", "\"between\"");
        int events = engine.ledger.lastEvent();
        listAnew(
                "b_line",
                () -> engine.ledger.put("b", "k10", "\"first\""),
                () -> tailIsBehind(events + 1) && value("b", "k10").equals("\"first\""));
    }

    @Test
    void readBeforeAnIdWasDeletedAndCreatedAgain() throws Exception {
        listAnew(
                "b_line",
                () -> {
                    engine.ledger.delete("b", "k11");
                    engine.ledger.put("b", "k11", "\"again\"");
                },
                () -> value("b", "k11").equals("\"again\""));
    }

    @Test
    void readWhileAnIdWasDeletedThatIsThereAgain() throws Exception {
        engine.ledger.delete("b", "k11");
        listAnew(
                "b_line",
                () -> engine.ledger.put("b", "k11", "\"again\""),
                () -> value("b", "k11").equals("\"again\""));
    }

    @Test
    void readBeforeAChildWasRemovedFromItsParent() throws Exception {
        listAnew(
                "b",
                () -> engine.ledger.deleteChild("b_line", "l2"),
                () -> value("b_line", "l2").isEmpty());
    }

    @Test
    void readBeforeAChildWasAddedToItsParent() throws Exception {
        listAnew(
                "b",
                () -> engine.ledger.putChild("b_line", "k10", "l3", "\"new\""),
                () -> value("b_line", "l3").equals("\"new\""));
    }

    @Test
    void readBeforeAChildMovedToAnotherParent() throws Exception {
        listAnew(
                "b",
                () -> engine.ledger.putChild("b_line", "k11", "l2", "\"moved\""),
                () -> value("b_line", "l2").equals("\"moved\""));
    }

    /**
     * A table is dropped, so its lane lists again; a page that is on its way waits until the tail has applied what
     * happened after it was read.
     */
    private void listAnew(String dropped, Runnable meanwhile, BooleanSupplier applied) throws Exception {
        node.loop.close(StopReason.SHUTDOWN);
        engine.database.drop(dropped);
        AtomicBoolean once = new AtomicBoolean();
        AtomicBoolean overtaken = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals(LISTING) && once.compareAndSet(false, true)) {
                meanwhile.run();
                engine.passTimeUntil(applied);
                overtaken.set(engine.database.phase(dropped) == TablePhase.FIRST_PASS);
            }
        };
        node = engine.node();
        node.turnsUntil(() -> node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE));
        assertThat(overtaken).as("the tail was quicker than the page").isTrue();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        node.turns(2);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private String value(String table, String key) {
        return engine.database.rowsOf(table).getOrDefault(key, "");
    }

    private boolean tailIsBehind(int event) {
        return engine.database
                .laneState(LedgerSource.EVENTS)
                .filter(s -> Integer.parseInt(LedgerSource.value(s.checkpoint())) >= event)
                .isPresent();
    }
}
