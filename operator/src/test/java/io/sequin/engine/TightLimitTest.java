package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.loop.StopReason;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate limit of few requests in a long time slows everything down and stops nothing. */
@Timeout(120)
class TightLimitTest {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final TestingEngine engine = new TestingEngine("a");
    private final Deque<Instant> sent = new ArrayDeque<>();
    /** The rows that the limit let through; those that it refused depend on who comes first. */
    private final List<String> fetched = new CopyOnWriteArrayList<>();

    private void fill(String value, int rows) {
        for (int i = 10; i < 10 + rows; i++) {
            engine.ledger.put("a", "k" + i, "\"" + value + i + "\"");
        }
    }

    /** At most so many requests in any five minutes. */
    private void limit(int most) {
        engine.source.faults = point -> {
            boolean row = point.startsWith("fetch") || point.startsWith("confirm");
            if (!point.equals("discover") && (!row || point.split(" ").length == 3)) {
                send(most);
            }
            if (row && point.startsWith("fetch a k")) {
                fetched.add(point);
            }
        };
    }

    private synchronized void send(int most) {
        Instant now = engine.clock.instant();
        while (!sent.isEmpty() && !sent.getFirst().plus(WINDOW).isAfter(now)) {
            sent.removeFirst();
        }
        if (sent.size() >= most) {
            throw new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "used up")
                    .retryingAt(sent.getFirst().plus(WINDOW)));
        }
        sent.addLast(now);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void changesArriveThoughAPageNamesMoreRowsThanAWindowLetsThrough(int most) throws Exception {
        fill("old", 12);
        TestingEngine.Node node = engine.node();
        node.turn();
        limit(most);
        engine.source.pageSize = 12;
        fill("new", 12);
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(fetched).as("by the tail, and once more with the dirty keys").hasSizeLessThan(30);
    }

    /** What it takes to fetch the row again must not be all that a window lets through. */
    @Test
    void aRowLargerThanAPageIsFetchedOnceAndKeepsNoOther() throws Exception {
        fill("old", 12);
        TestingEngine.Node node = engine.node();
        node.turn();
        limit(3);
        engine.source.pageSize = 12;
        fill("new", 12);
        engine.ledger.put("a", "k10", "\"" + "x".repeat(2 * engine.pageBytes) + "\"");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(fetched.stream().filter("fetch a k10"::equals))
                .as("by the tail, and once more with the dirty keys at most")
                .hasSizeLessThan(4);
    }

    @Test
    void aFirstPassAndAReSyncGetOn() throws Exception {
        fill("old", 40);
        limit(3);
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        ResyncRequest asked = new ResyncRequest("again", Set.of());
        TestingEngine.Node again =
                engine.node(TestingEngine.plan(new ResyncPlan(Optional.of(asked), DeleteGuard.USUAL)));
        again.turnsUntil(() -> again.snapshot()
                .resync()
                .filter(done -> done.handled().equals(Optional.of("again")))
                .isPresent());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void soDoesAReSyncThatHasToAskForMoreRowsThatAreGoneThanAWindowLetsThrough() throws Exception {
        vanishAll(30);
        limit(3);
        resync();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aRowThatIsGoneIsAskedForAgainAfterOneFailureHoweverManyLimitsWereMetBefore() throws Exception {
        vanishAll(30);
        limit(3);
        Faults limits = engine.source.faults;
        AtomicBoolean once = new AtomicBoolean();
        engine.source.faults = point -> {
            limits.at(point);
            if (point.equals("confirm a k39") && once.compareAndSet(false, true)) {
                throw new SourceException(Problem.of(SourceProblem.UNAVAILABLE, "for a moment"));
            }
        };
        resync();
        assertThat(once).isTrue();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private void vanishAll(int rows) throws Exception {
        engine.source.asked = Set.of("a");
        fill("old", rows);
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        node.loop.close(StopReason.SHUTDOWN);
        for (int i = 10; i < 10 + rows; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
    }

    private void resync() throws Exception {
        ResyncRequest asked = new ResyncRequest("again", Set.of());
        TestingEngine.Node again = engine.node(
                TestingEngine.plan(new ResyncPlan(Optional.of(asked), new DeleteGuard(100, Optional.empty()))));
        again.turnsUntil(() -> again.snapshot()
                .resync()
                .filter(done -> done.handled().equals(Optional.of("again")))
                .isPresent());
    }
}
