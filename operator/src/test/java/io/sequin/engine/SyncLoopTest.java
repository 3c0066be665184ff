package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.loop.Turn;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncLoopTest {
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
    void fillsTheTablesThenFollowsTheChanges() throws Exception {
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
        assertThat(node.table("a").rows()).isEqualTo(20);
        engine.ledger.put("a", "k10", "\"new\"");
        engine.ledger.delete("b", "k11");
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aClockThatIsSetBackDelaysNoPoll() throws Exception {
        node.turn();
        engine.clock.advance(Duration.ofHours(-3));
        engine.ledger.put("a", "k10", "\"new\"");
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void theTailsStartIsCommittedBeforeAnythingIsRead() throws Exception {
        AtomicBoolean missing = new AtomicBoolean();
        engine.source.faults = point -> {
            if (point.startsWith("read ")
                    && engine.database.laneState(LedgerSource.EVENTS).isEmpty()) {
                missing.set(true);
            }
        };
        node.turn();
        assertThat(missing).isFalse();
    }

    @Test
    void theFirstBatchIsOnePageSoThatProgressShowsSoon() throws Exception {
        node.turn();
        Batch first = engine.database.commits.getFirst();
        assertThat(first.changes()).hasSize(3);
        assertThat(node.snapshots).anySatisfy(s -> {
            assertThat(s.committed()).isTrue();
            assertThat(s.tables()).anyMatch(t -> t.state() == TableState.BACKFILLING && t.rows() == 3);
        });
    }

    @Test
    void aPageThatIsNotSafeIsCommittedWithTheNextOne() throws Exception {
        engine.source.unsafe = n -> true;
        node.turn();
        assertThat(engine.database.commits.stream().filter(b -> b.lane().equals(LedgerSource.firstPassOf("a"))))
                .hasSize(1);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void firstPassesRunAtTheSameTime() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        engine.source.faults = point -> {
            if (point.startsWith("read backfill")) {
                both.countDown();
                awaitLatch(both);
            }
        };
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void anEmptyPollCommitsNothingAndChangesNothingOfMaterial() throws Exception {
        node.turn();
        SyncSnapshot before = node.snapshot();
        int commits = engine.database.commits.size();
        Turn turn = node.turn();
        assertThat(engine.database.commits).hasSize(commits);
        assertThat(node.snapshot().material()).isEqualTo(before.material());
        assertThat(node.snapshot().tables()).isEqualTo(before.tables());
        assertThat(node.snapshot().caughtUp()).isNotEqualTo(before.caughtUp());
        assertThat(turn.next()).isBetween(Duration.ofSeconds(26), Duration.ofSeconds(30));
    }

    @Test
    void caughtUpIsTheTimeBeforeThePollBegan() throws Exception {
        AtomicBoolean polling = new AtomicBoolean();
        Instant start = engine.clock.instant();
        engine.source.faults = point -> {
            if (point.equals("read events") && polling.compareAndSet(false, true)) {
                engine.clock.advance(Duration.ofMinutes(3));
            }
        };
        node.turn();
        assertThat(node.snapshot().caughtUp()).contains(start);
    }

    @Test
    void aTableThatIsForbiddenFailsAloneAndIsCompleteOnceAllowed() throws Exception {
        AtomicBoolean forbidden = new AtomicBoolean(true);
        engine.source.faults = point -> {
            if (forbidden.get() && (point.equals("read backfill:a") || point.equals("fetch a"))) {
                throw denied("a");
            }
        };
        node.turnsUntil(() -> node.table("a").state() == TableState.FAILING
                && node.table("b").state() == TableState.LIVE
                && node.snapshot().caughtUp().isPresent());
        engine.ledger.put("a", "k99", "\"while forbidden\"");
        engine.ledger.put("b", "k99", "\"goes on\"");
        node.turnsUntil(() -> engine.database.rowsOf("b").containsKey("k99"));
        forbidden.set(false);
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(node.table("a").problem()).isEmpty();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aDeletionReportedForATableThatCannotBeFetchedIsApplied() throws Exception {
        node.turn();
        engine.source.faults = point -> {
            if (point.equals("read backfill:a") || point.equals("fetch a")) {
                throw denied("a");
            }
        };
        engine.ledger.delete("a", "k15");
        node.turnsUntil(() -> !engine.database.rowsOf("a").containsKey("k15"));
        assertThat(node.table("a").state()).isEqualTo(TableState.FAILING);
        assertThat(engine.database.phase("a")).isEqualTo(TablePhase.LIVE);
        assertThat(engine.database.dirtyOf("a"))
                .as("it may be there again")
                .containsExactly(new Change.Hint("a", RowKey.of("k15"), true));
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.dirtyOf("a")).isEmpty();
    }

    @Test
    void aHostileRecordInTheTailStopsItsTableAndTheOthersGoOn() throws Exception {
        node.turn();
        engine.ledger.put("a", "k50", "\"" + MemoryDatabase.HOSTILE + "\"");
        engine.ledger.put("b", "k50", "\"fine\"");
        node.turnsUntil(() -> engine.database.rowsOf("b").containsKey("k50"));
        assertThat(node.table("a").problem().map(Problem::code)).contains(PostgresProblem.RECORD_REJECTED);
        engine.ledger.put("a", "k50", "\"mended\"");
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(node.snapshots)
                .as("a lane that was set back is known to be")
                .noneMatch(snapshot -> snapshot.schema().isPresent());
    }

    @Test
    void aForeignTableFailsAloneAndIsFilledOnceItIsGone() throws Exception {
        engine.database.foreign = Set.of("a");
        node.turnsUntil(() -> node.table("b").state() == TableState.LIVE
                && node.snapshot().caughtUp().isPresent());
        assertThat(node.table("a").problem().map(Problem::code)).contains(PostgresProblem.TABLE_CONFLICT);
        engine.ledger.put("a", "k77", "\"meanwhile\"");
        engine.ledger.delete("a", "k10");
        node.turns(3);
        engine.database.foreign = Set.of();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private static SourceException denied(String table) {
        return new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "not allowed"), table, null);
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
