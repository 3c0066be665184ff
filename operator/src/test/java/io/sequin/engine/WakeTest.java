package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks for a poll is heard, also while a turn of the loop takes its time. */
@Timeout(60)
class WakeTest {
    private final TestingEngine engine = new TestingEngine("a", "b");
    private final TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() {
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
        }
        engine.ledger.put("b", "k10", "\"first\"");
    }

    /** Without moving the clock: nothing becomes due by itself. */
    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not reached while the turn lasts");
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private boolean has(String value) {
        return engine.database.rowsOf("b").containsValue("\"" + value + "\"");
    }

    @Test
    void aTailThatRestsPollsAtOnceWhileAFirstPassRuns() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals("read backfill:a") && once.compareAndSet(false, true)) {
                await(() -> has("first") && node.table("b").state() == TableState.LIVE && tailHasRead());
                Instant before = engine.clock.instant();
                engine.ledger.put("b", "k10", "\"second\"");
                node.wake.set(true);
                await(() -> has("second"));
                assertThat(engine.clock.instant()).isEqualTo(before);
            }
        };
        node.turn();
        assertThat(once).isTrue();
        assertThat(engine.database.rowsOf("a")).hasSize(10);
    }

    private boolean tailHasRead() {
        return engine.source.reads.stream().anyMatch(read -> read.lane().equals(LedgerSource.EVENTS));
    }

    @Test
    void aTailThatRunsPollsOnceMoreForWhatCameMeanwhile() throws Exception {
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        AtomicBoolean once = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals("read events") && once.compareAndSet(false, true)) {
                engine.ledger.put("b", "k10", "\"second\"");
                node.wake.set(true);
                await(() -> !node.wake.get());
            }
        };
        node.turn();
        assertThat(once).isTrue();
        assertThat(node.loop.turn().next()).isPositive();
        assertThat(has("second"))
                .as("the clock has not moved by a poll's interval")
                .isTrue();
    }

    @Test
    void aProductThatTheAccountDidNotHaveIsLookedForAtOnceThoughTheSourceNamesAnHour() throws Exception {
        AtomicBoolean offered = new AtomicBoolean();
        engine.source.faults = point -> {
            if (!offered.get() && point.equals("read backfill:b")) {
                Problem problem = Problem.of(SourceProblem.NOT_OFFERED, "no such product");
                Instant hour = engine.clock.instant().plus(Duration.ofHours(1));
                throw new SourceException(problem.retryingAt(hour), "b", null);
            }
        };
        node.turnsUntil(() -> node.table("b").state() == TableState.NOT_OFFERED);
        offered.set(true);
        node.loop.woken();
        node.loop.turn();
        assertThat(has("first")).isTrue();
    }

    @Test
    void whatFailedIsTriedAtOnceWhileAFirstPassRuns() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        AtomicBoolean refused = new AtomicBoolean(true);
        engine.source.faults = point -> {
            if (point.equals("read backfill:b") && refused.get()) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no right"), "b", null);
            }
        };
        engine.source.answers = point -> {
            if (point.equals("read backfill:a") && once.compareAndSet(false, true)) {
                await(() -> node.table("b").state() == TableState.FAILING);
                refused.set(false);
                node.wake.set(true);
                await(() -> has("first"));
            }
        };
        node.turn();
        assertThat(once).isTrue();
    }
}
