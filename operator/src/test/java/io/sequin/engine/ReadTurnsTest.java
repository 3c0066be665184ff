package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.loop.StopReason;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table without events, which a re-sync lists while its own tail reads it: of two such reads one waits for the other. */
@Timeout(60)
class ReadTurnsTest {
    /** Long enough for a read that does not wait, on a machine with other work. */
    private static final Duration MOMENT = Duration.ofSeconds(3);

    private static final String LISTING = "read backfill:d";
    private static final String TAIL = "read refresh:d";

    private final TestingEngine engine = new TestingEngine(new Ledger("d"));

    @BeforeEach
    void fill() throws InterruptedException {
        engine.source.refreshed = Set.of("d");
        for (int i = 10; i < 30; i++) {
            engine.ledger.put("d", "k" + i, "\"old\"");
        }
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        node.loop.close(StopReason.SHUTDOWN);
    }

    @Test
    void aListThatIsAskedForLaterDoesNotOverwriteWhatTheTailReadsThen() throws Exception {
        // from then on the list waits for nothing that was asked for before
        CountDownLatch passBegins = new CountDownLatch(1);
        CountDownLatch tailIsUnderWay = new CountDownLatch(1);
        CountDownLatch listed = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        engine.source.faults = point -> {
            if (point.equals(TAIL) && passBegins.getCount() == 0 && tailIsUnderWay.getCount() > 0) {
                tailIsUnderWay.countDown();
                await(listed);
                engine.ledger.put("d", "k10", "\"new\"");
            }
        };
        engine.source.answers = point -> {
            if (point.equals(LISTING) && listed.getCount() > 0) {
                listed.countDown();
                await(written);
            }
        };
        engine.database.faults = point -> {
            if (point.equals("start resync:backfill:d")) {
                passBegins.countDown();
                // one that was polled just before is due again a little later
                await(tailIsUnderWay, () -> engine.clock.advance(Duration.ofSeconds(1)));
            }
            if (engine.database.rowsOf("d").containsValue("\"new\"")) {
                written.countDown();
            }
        };

        resync();

        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private void resync() throws InterruptedException {
        ResyncPlan plan = new ResyncPlan(Optional.of(new ResyncRequest("t", Set.of())), DeleteGuard.USUAL);
        TestingEngine.Node node = engine.node(TestingEngine.plan(plan));
        node.turnsUntil(() -> node.snapshot()
                .resync()
                .flatMap(ResyncProgress::handled)
                .filter("t"::equals)
                .isPresent());
        node.turns(3);
    }

    /** Where reads take turns what is waited for here does not come. */
    private static void await(CountDownLatch latch) {
        await(latch, () -> {});
    }

    private static void await(CountDownLatch latch, Runnable meanwhile) {
        long end = System.nanoTime() + MOMENT.toNanos();
        while (latch.getCount() > 0 && System.nanoTime() < end) {
            meanwhile.run();
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }
}
