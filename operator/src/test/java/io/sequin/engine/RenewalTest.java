package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.LaneId;
import io.sequin.postgres.PostgresProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The claim is renewed while nothing is committed, and what happened to the schema meanwhile is noticed by it. */
class RenewalTest {
    private static final Duration INTERVAL = TestingEngine.RENEWAL;

    private final TestingEngine engine = new TestingEngine("a");
    private final TestingEngine.Node node = engine.node();

    @BeforeEach
    void live() throws Exception {
        engine.ledger.put("a", "k1", "\"one\"");
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE
                && node.snapshot().caughtUp().isPresent());
    }

    private void idle(Duration time) throws InterruptedException {
        Instant end = engine.clock.instant().plus(time);
        while (engine.clock.instant().isBefore(end)) {
            node.turn();
        }
    }

    @Test
    void anIdleSyncRenewsAtLeastEveryTenMinutesAndPublishesNothingNew() throws Exception {
        int commits = engine.database.commits.size();
        List<SyncSnapshot> before = List.copyOf(node.snapshots);
        idle(Duration.ofHours(1));
        assertThat(engine.database.renewals).hasSizeBetween(6, 8);
        assertThat(engine.database.commits).hasSize(commits);
        assertThat(node.snapshots.subList(before.size(), node.snapshots.size()))
                .extracting(SyncSnapshot::material)
                .containsOnly(before.getLast().material());
        assertThat(engine.database.takes()).isEqualTo(1);
    }

    @Test
    void aFirstPassThatTakesLongRenewsInTheMiddle() throws Exception {
        TestingEngine slow = new TestingEngine("a");
        slow.ledger.put("a", "k1", "\"one\"");
        slow.source.faults = point -> {
            if (point.startsWith("read backfill:")) {
                slow.passTimeUntil(() -> slow.database.renewals.size() >= 2);
            }
        };
        TestingEngine.Node busy = slow.node();
        busy.turnsUntil(() -> busy.table("a").state() == TableState.LIVE);
        assertThat(slow.database.renewals).hasSizeGreaterThanOrEqualTo(2);
        assertThat(slow.database.content()).isEqualTo(slow.ledger.truth());
    }

    @Test
    void aTakeoverIsNoticedWithoutACommitAndTheSchemaIsTakenAgain() throws Exception {
        engine.database.takeOver();
        idle(INTERVAL);
        assertThat(engine.database.takes()).isEqualTo(2);
        assertThat(node.snapshots)
                .anyMatch(s -> s.schema()
                        .filter(p -> p.code() == PostgresProblem.FENCED_OUT)
                        .isPresent());
        idle(Duration.ofMinutes(2));
        assertThat(node.snapshot().schema()).isEmpty();
    }

    @Test
    void aDatabaseThatWasSetBackIsNoticedAndWhatItLostIsReadAgain() throws Exception {
        MemoryDatabase.Saved backup = engine.database.save();
        engine.ledger.put("a", "k2", "\"two\"");
        engine.ledger.delete("a", "k1");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        engine.database.restore(backup);
        assertThat(engine.database.content()).isNotEqualTo(engine.ledger.truth());
        idle(INTERVAL.plusMinutes(2));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void whatOneLaneLostIsNoticedWhileAnotherRunsForHours() throws Exception {
        TestingEngine slow = new TestingEngine("a", "b");
        slow.ledger.put("a", "k1", "\"one\"");
        slow.ledger.put("b", "k1", "\"one\"");
        AtomicBoolean held = new AtomicBoolean();
        slow.source.faults = point -> {
            if (point.equals("read backfill:b") && held.compareAndSet(false, true)) {
                slow.passTimeUntil(() -> slow.database.rowsOf("a").size() == 1);
                MemoryDatabase.Saved backup = slow.database.save();
                slow.ledger.put("a", "k2", "\"two\"");
                slow.passTimeUntil(() -> slow.database.rowsOf("a").size() == 2);
                slow.database.restore(backup);
                // all lanes are stopped, to open again
                slow.passTimeUntil(Thread.currentThread()::isInterrupted);
            }
        };
        TestingEngine.Node busy = slow.node();
        busy.turnsUntil(() -> slow.database.content().equals(slow.ledger.truth()));
        assertThat(slow.database.takes()).isEqualTo(2);
    }

    @Test
    void aConnectionThatDiedUnseenShowsNowhere() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("renew") && tries.getAndIncrement() == 0) {
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
        };
        node.snapshots.clear();
        idle(INTERVAL.plusMinutes(1));
        assertThat(tries).hasValueGreaterThan(1);
        assertThat(engine.database.renewals).isNotEmpty();
        assertThat(node.snapshots).allMatch(s -> s.destination().isEmpty());
    }

    @Test
    void whatLostConnectionsLeftOpenIsLookedForMoreAndMoreRarelyWhereThatFailsAndItStopsNothing() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        engine.database.leftovers = () -> {
            looks.incrementAndGet();
            throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
        };
        idle(Duration.ofMinutes(10));
        assertThat(looks).hasValueBetween(10, 30);
        engine.ledger.put("a", "k4", "\"four\"");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(engine.database.takes()).isEqualTo(1);
    }

    @Test
    void aSyncAtRestLooksForItAsSoonAsItIsDue() throws Exception {
        Instant lost = engine.clock.instant();
        List<Duration> looks = new ArrayList<>();
        engine.database.leftovers = () -> {
            Duration since = Duration.between(lost, engine.clock.instant());
            looks.add(since);
            Duration left = Duration.ofSeconds(7).minus(since);
            return Optional.of(left).filter(Duration::isPositive);
        };
        idle(Duration.ofMinutes(1));
        assertThat(looks).contains(Duration.ofSeconds(7));
    }

    @Test
    void aDatabaseThatStaysAwayShowsAndIsOpenedAgainWhenItIsBack() throws Exception {
        engine.database.faults = point -> {
            if (!point.startsWith("committed")) {
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
        };
        idle(INTERVAL.plusMinutes(5));
        assertThat(node.snapshot().destination()).isPresent();
        engine.database.faults = Faults.NONE;
        idle(Duration.ofMinutes(3));
        assertThat(node.snapshot().destination()).isEmpty();
        engine.ledger.put("a", "k3", "\"three\"");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void onlyLanesAtRestAreComparedSoARunningOneIsNoFalseAlarm() throws Exception {
        LaneId events = engine.database.commits.getLast().lane();
        assertThat(engine.database.laneState(events)).isPresent();
        for (int i = 0; i < 60; i++) {
            engine.ledger.put("a", "k" + i, "\"again\"");
            node.turn();
        }
        assertThat(engine.database.renewals).isNotEmpty();
        assertThat(engine.database.takes()).isEqualTo(1);
    }
}
