package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.Scope;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** A re-sync whose commits get no answer: what the others do meanwhile, and what it does afterwards. */
@Timeout(60)
class ResyncLostAnswersTest {
    private static final String LANE = "resync:backfill:a";

    private final TestingEngine engine = new TestingEngine("a", "b");

    @BeforeEach
    void live() throws Exception {
        for (int i = 10; i < 30; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
        }
        TestingEngine.Node first = engine.node();
        first.turnsUntil(() -> engine.database.rowsOf("a").size() == 20);
        first.loop.close(StopReason.SHUTDOWN);
    }

    private TestingEngine.Node node() {
        return engine.node(TestingEngine.plan(new ResyncPlan(
                Optional.of(new ResyncRequest("t", Set.of("a"))), new DeleteGuard(100, Optional.empty()))));
    }

    private static boolean isDone(TestingEngine.Node node) {
        return node.snapshot()
                .resync()
                .filter(r -> r.handled().isPresent() && r.left().isEmpty())
                .isPresent();
    }

    private static RuntimeException lost() {
        return MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
    }

    @Test
    void aFinishWhoseAnswerWasLostListsNothingAgain() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        engine.database.faults = point -> {
            if (point.equals("finish " + LANE + " answered") && once.compareAndSet(false, true)) {
                throw lost();
            }
        };
        TestingEngine.Node node = node();
        node.turnsUntil(() -> once.get() && isDone(node));
        assertThat(engine.database.passes.starts).isEqualTo(1);
    }

    @Test
    void aPassThatBeganUnderAnotherStartDateBeginsAnew() throws Exception {
        engine.source.since = since("2024-01-01T00:00:00Z");
        engine.database.faults = point -> {
            if (point.equals("sweep a")) {
                throw lost();
            }
        };
        TestingEngine.Node first = node();
        first.turnsUntil(() -> engine.database.passes.starts == 1);
        first.turn();
        first.loop.close(StopReason.SHUTDOWN);
        engine.database.faults = Faults.NONE;
        engine.source.since = since("2020-01-01T00:00:00Z");
        TestingEngine.Node second = node();
        second.turnsUntil(() -> isDone(second));
        assertThat(engine.database.passes.starts).isEqualTo(2);
    }

    private static Map<String, Scope.Since> since(String floor) {
        return Map.of("a", new Scope.Since("created", Instant.parse(floor)));
    }

    @Test
    void othersWaitForTheEndOfASweepWhoseAnswerWasLost() throws Exception {
        engine.ledger.vanish("a", "k15");
        AtomicBoolean cut = new AtomicBoolean();
        List<String> events = new CopyOnWriteArrayList<>();
        engine.database.faults = point -> {
            String lane = String.valueOf(MDC.get("lane"));
            if (point.equals("sweep a answered") && cut.compareAndSet(false, true)) {
                engine.ledger.put("a", "k20", "\"new\"");
                throw lost();
            }
            if (cut.get() && lane.equals(LANE)) {
                // it does not find out itself before the events come
                engine.passTimeUntil(() -> engine.database.rowsOf("a").containsValue("\"new\""));
            }
            if (cut.get() && lane.equals("events")) {
                events.add(point);
            }
        };
        TestingEngine.Node node = node();
        node.turnsUntil(cut::get);
        node.turnsUntil(() -> engine.database.rowsOf("a").containsValue("\"new\""));
        assertThat(events).contains("lane " + LANE);
        assertThat(events.indexOf("lane " + LANE)).isLessThan(events.indexOf("commit events"));
        node.turnsUntil(() -> isDone(node));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(node.table("a").rows())
                .as("what the lost sweep deleted is counted")
                .isEqualTo(19);
    }

    @Test
    void aCommitWhoseAnswerWasLostWinsOverAnOlderPageOfTheReSync() throws Exception {
        AtomicBoolean sent = new AtomicBoolean();
        AtomicBoolean cut = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals("read backfill:a") && sent.compareAndSet(false, true)) {
                // the page holds the row as it was before
                engine.ledger.put("a", "k10", "\"new\"");
                engine.passTimeUntil(cut::get);
            }
        };
        engine.database.faults = point -> {
            boolean arrived = engine.database.rowsOf("a").containsValue("\"new\"");
            if (point.equals("committed events") && arrived && cut.compareAndSet(false, true)) {
                throw lost();
            }
        };
        TestingEngine.Node node = node();
        node.turnsUntil(() -> cut.get() && isDone(node));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void whatAReSyncReadAndNeverCommittedHidesNoOlderAnswerOfOthers() throws Exception {
        AtomicBoolean sent = new AtomicBoolean();
        AtomicInteger failed = new AtomicInteger();
        engine.source.answers = point -> {
            if (point.equals("fetch a") && sent.compareAndSet(false, true)) {
                // pages that are read from now on are newer than this answer
                engine.passTimeUntil(() -> failed.get() >= 2);
            }
        };
        engine.database.faults = point -> {
            if (point.equals("start " + LANE + " answered")) {
                engine.ledger.put("a", "k11", "\"newer\"");
            }
            if (point.equals("commit " + LANE)) {
                engine.passTimeUntil(sent::get);
                failed.incrementAndGet();
                throw lost();
            }
        };
        TestingEngine.Node node = node();
        node.turnsUntil(() -> failed.get() >= 2 && isRead());
        node.loop.close(StopReason.SHUTDOWN);
        assertThat(engine.database.rowsOf("a"))
                .as("the re-sync is cancelled, and nobody reads it again")
                .isEqualTo(engine.ledger.truth().get("a"));
    }

    private boolean isRead() {
        return engine.database
                .laneState(LedgerSource.EVENTS)
                .filter(s -> LedgerSource.value(s.checkpoint()).equals(Integer.toString(engine.ledger.lastEvent())))
                .isPresent();
    }
}
