package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pages of the next batch are fetched while a batch is committed; what fails then counts for nothing. */
@Timeout(120)
class ReadAheadTest {
    private static final LaneId LISTING = LedgerSource.firstPassOf("a");
    private static final LaneId RESYNC_LANE = new LaneId("resync:" + LISTING);
    private static final ResyncPlan RESYNC =
            new ResyncPlan(Optional.of(new ResyncRequest("t", Set.of("a"))), DeleteGuard.USUAL);
    /** What a lane takes of the memory before it reads. */
    private static final long PAGE = TestingEngine.settings().pageBytes();

    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestingEngine engine = new TestingEngine("a");

    private void fill(String table, int rows, String value) {
        for (int i = 0; i < rows; i++) {
            engine.ledger.put(table, "k" + (100 + i), "\"" + value + "\"");
        }
    }

    @Test
    void theNextPagesAreReadWhileABatchIsCommitted() throws Exception {
        fill("a", 30, "v");
        AtomicBoolean seen = new AtomicBoolean();
        engine.database.faults = point -> {
            if (point.equals("commit " + LISTING) && !seen.get()) {
                String committed = position();
                await().atMost(SOON).until(() -> readsFrom(committed).size() >= 3);
                seen.set(true);
            }
        };
        TestingEngine.Node node = engine.node();
        node.turn();
        assertThat(seen).isTrue();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(readsOf(LISTING)).as("each page once").doesNotHaveDuplicates();
        assertThat(engine.budget.available()).isEqualTo(engine.budget.total());
    }

    @Test
    void aReSyncReadsAheadToo() throws Exception {
        fill("a", 30, "v");
        engine.node().turn();
        engine.source.reads.clear();
        AtomicBoolean seen = new AtomicBoolean();
        engine.database.faults = point -> {
            if (point.equals("commit " + RESYNC_LANE) && !seen.get()) {
                await().atMost(SOON).until(() -> readsOf(LISTING).size() >= 5);
                seen.set(true);
            }
        };
        TestingEngine.Node node = engine.node(TestingEngine.plan(RESYNC));
        node.turnsUntil(seen::get);
        node.turns(3);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(readsOf(LISTING)).as("each page once").doesNotHaveDuplicates();
    }

    @Test
    void aCommitThatFailsThrowsAwayWhatWasReadAhead() throws Exception {
        // the batch that fails has three pages
        failSecondCommit("commit " + LISTING, 4);
    }

    @Test
    void aCommitWhoseAnswerIsLostThrowsAwayWhatWasReadAhead() throws Exception {
        failSecondCommit("committed " + LISTING, 1);
    }

    private void failSecondCommit(String where, int reads) throws Exception {
        fill("a", 40, "v");
        AtomicInteger commits = new AtomicInteger();
        AtomicReference<String> next = new AtomicReference<>("");
        engine.database.faults = point -> {
            if (point.equals(where) && commits.incrementAndGet() == 2) {
                String committed = position();
                await().atMost(SOON).until(() -> readsFrom(committed).size() >= reads);
                next.set(readsFrom(committed).get(reads - 1));
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
        };
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(next.get()).isNotEmpty();
        assertThat(readsOf(LISTING))
                .as("read ahead, and read again")
                .filteredOn(next.get()::equals)
                .hasSizeGreaterThan(1);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertEachRowOnce();
        assertThat(engine.budget.available()).isEqualTo(engine.budget.total());
    }

    private void assertEachRowOnce() {
        List<String> keys = engine.database.commits.stream()
                .map(Batch::changes)
                .flatMap(List::stream)
                .map(change -> change.key().parts().getFirst())
                .toList();
        assertThat(keys).doesNotHaveDuplicates().hasSize(40);
    }

    @Test
    void aLostPermitEndsItWithNothingUnderWay() throws Exception {
        fill("a", 40, "v");
        TestingEngine.Node node = engine.node();
        engine.database.faults = point -> {
            if (point.equals("committed " + LISTING)) {
                node.permit.set(false);
            }
        };
        node.turn();
        int reads = readsOf(LISTING).size();
        assertThat(engine.budget.available()).isEqualTo(engine.budget.total());
        assertThat(engine.database.openSessions()).isZero();
        assertThat(readsOf(LISTING)).hasSize(reads);
        engine.database.faults = Faults.NONE;
        node.permit.set(true);
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertEachRowOnce();
    }

    /** Lanes wait for their commit, some hold a batch read ahead as well, and there is no room for anything else. */
    @Test
    void lanesThatUseUpAllMemoryAheadGetOn() throws Exception {
        List<String> tables = List.of("a", "b", "c", "d");
        TestingEngine small = new TestingEngine(new Ledger(tables.toArray(String[]::new)), new ByteBudget(600 << 10));
        tables.forEach(table -> {
            for (int i = 0; i < 40; i++) {
                small.ledger.put(table, "k" + (100 + i), "\"" + "x".repeat(25 << 10) + "\"");
            }
        });
        Set<String> waiting = ConcurrentHashMap.newKeySet();
        AtomicBoolean full = new AtomicBoolean();
        try (ByteBudget.Reservation rest = small.budget.reserve(1 << 10)) {
            small.database.faults = point -> {
                if (point.startsWith("commit backfill:") && waiting.add(point)) {
                    // all that there is room for, and at least one batch ahead
                    await().atMost(SOON)
                            .until(() -> (waiting.size() == 4 || small.budget.available() < PAGE)
                                    && listed(small) > waiting.size());
                    synchronized (rest) {
                        if (!full.getAndSet(true)) {
                            rest.resize((1 << 10) + Math.max(0, small.budget.available()));
                        }
                    }
                }
            };
            TestingEngine.Node node = small.node();
            node.turnsUntil(() -> node.snapshot().tables().size() == 4
                    && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE));
        }
        assertThat(full).isTrue();
        assertThat(small.database.content()).isEqualTo(small.ledger.truth());
        assertThat(small.budget.available()).isEqualTo(small.budget.total());
    }

    /** One batch hangs in its commit, the next is read ahead until memory is short: the changes of others are applied. */
    @Test
    void aTableThatIsSlowToCommitLeavesRoomForTheTail() throws Exception {
        TestingEngine small = new TestingEngine(new Ledger("a", "b"), new ByteBudget(500 << 10));
        for (int i = 0; i < 40; i++) {
            small.ledger.put("a", "k" + (100 + i), "\"" + "x".repeat(25 << 10) + "\"");
        }
        small.ledger.put("b", "k10", "\"old\"");
        small.node().turn();
        small.source.reads.clear();
        AtomicBoolean went = new AtomicBoolean();
        AtomicLong free = new AtomicLong();
        small.database.faults = point -> {
            if (point.equals("commit " + RESYNC_LANE) && !went.get()) {
                // the batch has three pages
                await().atMost(SOON).until(() -> listed(small) >= 4);
                small.ledger.put("b", "k10", "\"new\"");
                small.passTimeUntil(() -> small.database.rowsOf("b").containsValue("\"new\""));
                free.set(small.budget.available());
                went.set(true);
            }
        };
        TestingEngine.Node node = small.node(TestingEngine.plan(RESYNC));
        node.turnsUntil(went::get);
        assertThat(free).as("a batch and a page read ahead are held").hasValueLessThan(300 << 10);
        assertThat(small.database.content()).isEqualTo(small.ledger.truth());
        assertThat(small.budget.available()).isEqualTo(small.budget.total());
    }

    private static long listed(TestingEngine engine) {
        return engine.source.reads.stream()
                .filter(read -> read.lane().value().startsWith("backfill:"))
                .count();
    }

    /** Where the lane was committed last. */
    private String position() {
        return engine.database
                .laneState(LISTING)
                .map(state -> LedgerSource.value(state.checkpoint()))
                .orElse("");
    }

    /** Where pages from a place on began, in the order in which they were asked for. */
    private List<String> readsFrom(String place) {
        return readsOf(LISTING).stream()
                .filter(from -> from.compareTo(place) >= 0)
                .toList();
    }

    private List<String> readsOf(LaneId lane) {
        return engine.source.reads.stream()
                .filter(read -> read.lane().equals(lane))
                .map(read -> LedgerSource.value(read.from()))
                .toList();
    }
}
