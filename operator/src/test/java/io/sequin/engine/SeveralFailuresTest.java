package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Upkeep;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two tables that one lane fills fail: what may pass soon does not wait for as long as a rejected record does. */
@Timeout(60)
class SeveralFailuresTest {
    private static final String REJECTED = "\"" + MemoryDatabase.HOSTILE + "\"";
    /** The usual backoff and a poll; a rejected record waits for five minutes at least. */
    private static final Duration SOON = Duration.ofSeconds(150);

    private final TestingEngine engine = new TestingEngine(new Ledger("b").with("b_line", "b"));
    private TestingEngine.Node node = engine.node();

    SeveralFailuresTest() {
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
            engine.ledger.putChild("b_line", "k" + i, "l" + i, "\"line\"");
        }
    }

    private void live() throws InterruptedException {
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth())
                && node.table("b_line").state() == TableState.LIVE);
    }

    private boolean isFailing(String table, PostgresProblem why) {
        return node.table(table).problem().filter(p -> p.code() == why).isPresent();
    }

    private void assertChildrenGoOnSoon() throws InterruptedException {
        Instant mended = engine.clock.instant();
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(Duration.between(mended, engine.clock.instant())).isLessThan(SOON);
        assertThat(node.table("b").problem().map(Problem::code)).contains(PostgresProblem.RECORD_REJECTED);
    }

    @Test
    void rowsThatAreCaughtUpWith() throws Exception {
        live();
        engine.ledger.put("b", "k12", REJECTED);
        engine.database.refusingDeletes = Set.of("b_line");
        engine.ledger.deleteChild("b_line", "l15");
        node.turnsUntil(() ->
                isFailing("b", PostgresProblem.RECORD_REJECTED) && isFailing("b_line", PostgresProblem.DELETE_REFUSED));
        node.turns(5);
        engine.database.refusingDeletes = Set.of();
        assertChildrenGoOnSoon();
        assertThat(engine.database.rowsOf("b_line")).doesNotContainKey("l15");
    }

    @Test
    void aTableThatIsListedAloneSinceTheOtherWasLeftOut() throws Exception {
        engine.ledger.put("b", "k12", REJECTED);
        engine.database.foreign = Set.of("b_line");
        node.turnsUntil(() ->
                isFailing("b", PostgresProblem.RECORD_REJECTED) && isFailing("b_line", PostgresProblem.TABLE_CONFLICT));
        engine.database.foreign = Set.of();
        assertChildrenGoOnSoon();
    }

    @Test
    void aTableThatWasLeftOutAfterTheOtherWhileAThirdIsFilled() throws Exception {
        TestingEngine three =
                new TestingEngine(new Ledger("b").with("b_item", "b").with("b_line", "b"));
        three.ledger.put("b", "k10", REJECTED);
        three.ledger.put("b", "k11", "\"b11\"");
        three.ledger.putChild("b_line", "k11", "l11", "\"line\"");
        AtomicBoolean forbidden = new AtomicBoolean(true);
        node = three.node();
        three.source.faults = point -> {
            if (forbidden.get() && point.equals("list b_line") && isFailing("b", PostgresProblem.RECORD_REJECTED)) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "b_line", null);
            }
        };
        node.turnsUntil(() -> node.table("b_item").state() == TableState.LIVE
                && node.table("b_line").state() == TableState.FAILING);
        forbidden.set(false);
        Instant mended = three.clock.instant();
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(Duration.between(mended, three.clock.instant())).isLessThan(SOON);
        assertThat(isFailing("b", PostgresProblem.RECORD_REJECTED)).isTrue();
    }

    @Test
    void valuesThatCanNotMoveBesideRowsThatAreCaughtUpWith() throws Exception {
        live();
        node.loop.close(StopReason.SHUTDOWN);
        engine.database.leave("b", Upkeep.PROMOTE);
        engine.database.faults = point -> {
            if (point.equals("tend b")) {
                Problem problem = Problem.of(PostgresProblem.RECORD_REJECTED, "a trigger says no");
                throw new TableException("b", problem, "P0001", null);
            }
        };
        engine.database.refusingDeletes = Set.of("b_line");
        engine.ledger.deleteChild("b_line", "l15");
        node = engine.node();
        node.turnsUntil(() ->
                isFailing("b", PostgresProblem.RECORD_REJECTED) && isFailing("b_line", PostgresProblem.DELETE_REFUSED));
        node.turns(5);
        engine.database.refusingDeletes = Set.of();
        assertChildrenGoOnSoon();
    }
}
