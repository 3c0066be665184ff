package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table that has a tail of its own beside the events, which tell of it too. */
@Timeout(60)
class SharedTablesTest {
    private static final String EVENTS = "read events";
    private static final String REFRESH = "read refresh:r";

    private final TestingEngine engine = new TestingEngine("a", "r");
    private final TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() throws InterruptedException {
        engine.source.refreshed = Set.of("r");
        engine.source.shared = true;
        engine.source.every = Duration.ofMinutes(10);
        for (String table : engine.ledger.tablesInOrder()) {
            engine.ledger.put(table, "k10", "\"first\"");
        }
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void theEventsDoNotWaitForALongWalk() throws Exception {
        CountDownLatch polled = new CountDownLatch(2);
        engine.source.faults = point -> {
            if (point.equals(EVENTS)) {
                polled.countDown();
            }
            while (point.equals(REFRESH) && polled.getCount() > 0) {
                engine.clock.advance(Duration.ofSeconds(1));
                Thread.onSpinWait();
            }
        };
        engine.clock.advance(Duration.ofMinutes(11));
        node.turn();
        assertThat(polled.getCount()).isZero();
    }

    @Test
    void aPageOfTheWalkThatWasReadBeforeAChangeAndADeleteDoesNotUndoThem() throws Exception {
        engine.ledger.put("r", "k10", "\"old\"");
        engine.ledger.put("r", "k11", "\"gone\"");
        AtomicBoolean once = new AtomicBoolean();
        CountDownLatch newer = new CountDownLatch(1);
        engine.database.faults = point -> {
            if (point.equals("committed events") && engine.database.rowsOf("r").containsValue("\"new\"")) {
                newer.countDown();
            }
        };
        engine.source.answers = point -> {
            if (point.equals(REFRESH) && once.compareAndSet(false, true)) {
                engine.ledger.put("r", "k10", "\"new\"");
                engine.ledger.delete("r", "k11");
                engine.passTimeUntil(() -> newer.getCount() == 0);
            }
        };
        engine.clock.advance(Duration.ofMinutes(11));
        node.turnsUntil(once::get);
        node.turns(3);
        assertThat(newer.getCount()).isZero();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.commits.stream()
                        .filter(batch -> batch.lane().equals(LedgerSource.refreshOf("r")))
                        .flatMap(batch -> batch.changes().stream())
                        .map(SharedTablesTest::text))
                .doesNotContain("\"old\"", "\"gone\"");
    }

    @Test
    void theWalkWaitsWhileItsTableDoesNotTakeRowsAndGoesOnWhereItWas() throws Exception {
        engine.ledger.put("r", "k12", "\"" + MemoryDatabase.HOSTILE + "\"");
        node.turnsUntil(() -> node.table("r").problem().isPresent());
        assertThat(node.table("r").problem().map(Problem::code)).contains(PostgresProblem.RECORD_REJECTED);
        engine.ledger.put("r", "k13", "\"fine\"");
        engine.clock.advance(Duration.ofMinutes(11));
        node.turn();
        engine.ledger.put("r", "k12", "\"mended\"");
        node.turnsUntil(() -> node.table("r").state() == TableState.LIVE);
        node.turnsUntil(() -> engine.database
                .laneState(LedgerSource.refreshOf("r"))
                .filter(s -> LedgerSource.value(s.checkpoint()).equals(Integer.toString(engine.ledger.lastEvent())))
                .isPresent());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private static String text(Change change) {
        return change instanceof Change.Upsert row ? row.object().text() : change.toString();
    }
}
