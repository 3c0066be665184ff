package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncLoopTroubleTest {
    private final TestingEngine engine = new TestingEngine("a", "b");
    private final TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() {
        for (int i = 10; i < 30; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
        }
    }

    @Test
    void aRateLimitParksUntilTheTimeTheSourceNames() throws Exception {
        node.turn();
        Instant until = engine.clock.instant().plusSeconds(900);
        AtomicInteger polls = new AtomicInteger();
        engine.source.faults = point -> {
            if (point.equals("read events")) {
                polls.incrementAndGet();
                throw new SourceException(
                        Problem.of(SourceProblem.RATE_LIMITED, "slow down").retryingAt(until));
            }
        };
        node.turnsUntil(() -> polls.get() == 1);
        node.loop.woken();
        Turn parked = node.loop.turn();
        assertThat(polls).hasValue(1);
        assertThat(parked.next()).isPositive();
        assertThat(node.snapshot().source().map(Problem::code)).contains(SourceProblem.RATE_LIMITED);
        node.turnsUntil(() -> polls.get() == 2);
        assertThat(engine.clock.instant()).isAfterOrEqualTo(until);
    }

    @Test
    void aFullDiskStaysShownAlthoughAllIsOpenedAgainAndAgainMoreAndMoreRarely() throws Exception {
        node.turnsUntil(() ->
                node.table("a").state() == TableState.LIVE && node.table("b").state() == TableState.LIVE);
        engine.ledger.put("a", "k31", "\"a31\"");
        engine.database.faults = point -> {
            if (point.startsWith("commit ")) {
                throw MemoryDatabase.failure(PostgresProblem.DISK_FULL);
            }
        };
        int before = engine.database.takes();
        node.turnsUntil(() -> engine.database.takes() > before);
        node.snapshots.clear();
        Instant end = engine.clock.instant().plusSeconds(600);
        while (engine.clock.instant().isBefore(end)) {
            node.turn();
        }
        assertThat(node.snapshots)
                .extracting(snapshot -> snapshot.destination().map(Problem::code))
                .containsOnly(Optional.of(PostgresProblem.DISK_FULL));
        assertThat(engine.database.takes() - before).isBetween(5, 30);

        engine.database.faults = Faults.NONE;
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(node.snapshot().destination()).isEmpty();
    }

    @Test
    void whatALaneHadBeforeAllWasOpenedAgainIsOverWhereTheLaneIsNotNeededAnyMore() throws Exception {
        TestingEngine one = new TestingEngine("a");
        one.ledger.put("a", "k1", "\"one\"");
        TestingEngine.Node quiet = one.node();
        AtomicBoolean lost = new AtomicBoolean();
        AtomicInteger commits = new AtomicInteger();
        one.database.faults = point -> {
            // the last commit of the pass has happened, which nobody can find out before all is opened again
            lost.compareAndSet(
                    false,
                    point.equals("committed backfill:a")
                            && one.database.phase("a").equals(TablePhase.LIVE));
            if (lost.get() && one.database.takes() == 1 && point.contains("backfill:a")) {
                throw MemoryDatabase.failure(PostgresProblem.QUERY_FAILED);
            }
            if (one.database.takes() > 1 && point.startsWith("committed")) {
                commits.incrementAndGet();
            }
        };
        quiet.turnsUntil(() -> one.database.takes() > 1);
        quiet.turns(10);
        assertThat(commits).as("whose success would tell").hasValue(0);
        assertThat(quiet.snapshot().destination()).isEmpty();
    }

    @Test
    void anExpiredCursorStopsTheTailAndKeepsTheTables() throws Exception {
        node.turn();
        AtomicInteger polls = new AtomicInteger();
        engine.source.faults = point -> {
            if (point.equals("read events")) {
                polls.incrementAndGet();
                throw new SourceException(Problem.of(SourceProblem.CURSOR_EXPIRED, "too old"));
            }
        };
        node.turns(10);
        assertThat(polls).hasValue(1);
        assertThat(node.snapshot().source().map(Problem::code)).contains(SourceProblem.CURSOR_EXPIRED);
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
    }

    @Test
    void anotherAccountIsRefusedAndNothingWritten() throws Exception {
        node.turn();
        node.loop.close(StopReason.SHUTDOWN);
        engine.source.account = new AccountId("acct_2");
        engine.ledger.put("a", "k10", "\"of the other account\"");
        TestingEngine.Node other = engine.node();
        int commits = engine.database.commits.size();
        other.turns(3);
        assertThat(other.snapshot().source().map(Problem::code)).contains(SourceProblem.ACCOUNT_CHANGED);
        assertThat(engine.database.commits).hasSize(commits);
        assertThat(engine.database.openSessions()).isZero();
    }

    @Test
    void aCommitWhoseAnswerWasLostIsNotDoneAgain() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("committed backfill:a") && lost.incrementAndGet() <= 2) {
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
        };
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        List<Batch> batches = engine.database.commits.stream()
                .filter(b -> b.lane().equals(LedgerSource.firstPassOf("a")))
                .toList();
        assertThat(batches.stream().map(Batch::seq)).doesNotHaveDuplicates();
        assertThat(batches.stream().flatMap(b -> b.changes().stream()).map(Change::key))
                .doesNotHaveDuplicates();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void anEarlierWriterStopsAtItsNextCommitAndTakesTheSchemaOnlyWithThePermit() throws Exception {
        node.turn();
        TestingEngine.Node second = engine.node();
        second.turn();
        assertThat(engine.database.takes()).isEqualTo(2);
        engine.ledger.put("a", "k10", "\"newer\"");
        node.permit.set(false);
        node.turns(3);
        assertThat(engine.database.takes()).isEqualTo(2);
        assertThat(engine.database.rowsOf("a")).containsEntry("k10", "\"a10\"");
        second.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aFencedLoopDropsItsMemoryAndTakesTheSchemaAgain() throws Exception {
        node.turn();
        engine.node().turn();
        engine.ledger.put("a", "k10", "\"newer\"");
        node.turn();
        assertThat(node.snapshot().schema().map(Problem::code)).contains(PostgresProblem.FENCED_OUT);
        node.turnsUntil(() -> node.snapshot().schema().isEmpty());
        assertThat(engine.database.takes()).isEqualTo(3);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aSchemaThatIsGoneIsMadeAndFilledAgain() throws Exception {
        node.turn();
        engine.database.dropAll();
        engine.ledger.put("a", "k10", "\"newer\"");
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void whatWaitsForARetryIsTriedAtOnceWhenWoken() throws Exception {
        engine.source.faults = point -> {
            if (point.equals("account")) {
                throw new SourceException(Problem.of(SourceProblem.AUTHENTICATION_FAILED, "wrong key"));
            }
        };
        for (int i = 0; i < 8; i++) {
            node.turn();
        }
        engine.source.faults = Faults.NONE;
        Turn waiting = node.loop.turn();
        node.loop.woken();
        node.loop.turn();
        assertThat(waiting).isNotNull();
        assertThat(node.snapshot().source()).isEmpty();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void closingAfterARemovalLetsGoOfTheSchemaAndOtherwiseDoesNot() throws Exception {
        node.turn();
        node.loop.close(StopReason.SHUTDOWN);
        assertThat(engine.database.released()).isZero();
        TestingEngine.Node next = engine.node();
        next.turn();
        next.loop.close(StopReason.REMOVED);
        assertThat(engine.database.released()).isEqualTo(1);
        assertThat(engine.database.openSessions()).isZero();
    }

    @Test
    void anInterruptEndsTheTurnAndItsLanes() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        engine.source.faults = point -> {
            if (point.startsWith("read backfill")) {
                reading.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    ended.incrementAndGet();
                    Thread.currentThread().interrupt();
                    throw new SourceException(Problem.of(SourceProblem.UNREACHABLE, "interrupted"));
                }
            }
        };
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread turn = Thread.ofVirtual().start(() -> {
            try {
                node.loop.turn();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        awaitLatch(reading);
        turn.interrupt();
        turn.join();
        assertThat(interrupted).isTrue();
        assertThat(ended.get()).isPositive();
        assertThat(engine.budget.available()).isEqualTo(ByteBudget.DEFAULT);
        assertThat(node.snapshot().source())
                .as("a stop is no trouble of the source")
                .isEmpty();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
