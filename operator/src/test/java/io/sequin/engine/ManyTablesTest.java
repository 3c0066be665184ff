package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many first passes, each of which is over within seconds. */
@Timeout(60)
class ManyTablesTest {
    private static final int TABLES = 150;
    /** Four run at once, so none takes much longer than four. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    @Test
    void theTailIsPolledInItsRhythmBesideThem() throws Exception {
        String[] tables =
                IntStream.range(0, TABLES).mapToObj(i -> "t" + (10 + i)).toArray(String[]::new);
        TestingEngine engine = new TestingEngine(tables);
        for (String table : tables) {
            engine.ledger.put(table, "k1", "\"v\"");
        }
        AtomicInteger polls = new AtomicInteger();
        engine.source.faults = point -> {
            if (point.startsWith("read backfill")) {
                engine.clock.advance(ANSWER);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            if (point.equals("read events")) {
                polls.incrementAndGet();
            }
        };

        engine.node().turn();

        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        Duration turn = ANSWER.multipliedBy(TABLES);
        assertThat(polls).hasValueGreaterThanOrEqualTo((int) turn.dividedBy(TestingEngine.POLL) - 1);
    }
}
