package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.loop.StopReason;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to rows of a table that does not take any is fetched later; nothing else waits for it. */
@Timeout(60)
class DirtyTablesTest {
    private final TestingEngine engine = new TestingEngine("a", "b");
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() {
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
        }
    }

    @Test
    void aSlowFirstPassHoldsUpNoOtherTablesEventsAndMissesNothing() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals("read backfill:a") && once.compareAndSet(false, true)) {
                engine.passTimeUntil(() -> engine.database.phase("b") == TablePhase.LIVE);
                engine.ledger.put("a", "k10", "\"after the page was read\"");
                engine.ledger.delete("a", "k11");
                engine.ledger.put("b", "k10", "\"new\"");
                engine.passTimeUntil(() -> engine.database.rowsOf("b").containsValue("\"new\""));
            }
        };
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.dirtyOf("a")).isEmpty();
        assertThat(engine.database.commits)
                .as("in the commit that moves the cursor past it")
                .anyMatch(batch -> batch.lane().equals(LedgerSource.EVENTS)
                        && batch.dirty().added().contains(hint("k11", true)));
    }

    @Test
    void aTableIsLiveOnlyOnceItsDirtyKeysAreFetched() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        AtomicBoolean shownLive = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals("read backfill:a") && once.compareAndSet(false, true)) {
                engine.ledger.put("a", "k10", "\"meanwhile\"");
                engine.passTimeUntil(() -> !engine.database.dirtyOf("a").isEmpty());
            }
            if (point.equals("fetch a")) {
                shownLive.set(node.table("a").state() == TableState.LIVE);
                assertThat(node.table("a").firstPassDone()).isTrue();
            }
        };
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(shownLive).isFalse();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aRefusedTableIsNotListedAgainAlsoByAnotherProcess() throws Exception {
        node.turn();
        refuse("k12");
        node.loop.close(StopReason.SHUTDOWN);
        int reads = engine.source.reads.size();
        engine.ledger.put("a", "k12", "\"mended\"");
        node = engine.node();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(listings(reads)).isEmpty();
        assertThat(engine.database.dirtyOf("a")).isEmpty();
    }

    @Test
    void aKeyThatGetsDirtyAgainWhileItIsFetchedIsFetchedOnceMore() throws Exception {
        node.turn();
        refuse("k12");
        engine.ledger.put("a", "k12", "\"mended\"");
        AtomicBoolean once = new AtomicBoolean();
        engine.source.answers = point -> {
            // by the table's own lane, since the events have been read
            if (point.equals("fetch a") && eventsAreRead() && once.compareAndSet(false, true)) {
                engine.ledger.put("a", "k12", "\"newer\"");
                engine.passTimeUntil(this::eventsAreRead);
            }
        };
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(once).isTrue();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aReportedDeletionOfARowThatIsThereAgainRemovesNothing() throws Exception {
        node.turn();
        refuse("k12");
        engine.ledger.delete("a", "k13");
        node.turnsUntil(() -> engine.database.dirtyOf("a").contains(hint("k13", true)));
        engine.ledger.put("a", "k13", "\"again\"");
        engine.ledger.put("a", "k12", "\"mended\"");
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void withTooManyTheTableIsListedAgainAndWhatWasReportedDeletedIsStillFetched() throws Exception {
        engine.dirtyKeys = 5;
        node = engine.node();
        node.turn();
        AtomicBoolean forbidden = new AtomicBoolean(true);
        engine.source.faults = point -> {
            if (forbidden.get() && point.equals("fetch a")) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "not allowed"), "a", null);
            }
        };
        engine.database.refusingDeletes = Set.of("a");
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"changed\"");
        }
        engine.ledger.delete("a", "k13");
        int reads = engine.source.reads.size();
        node.turnsUntil(() -> !listings(reads).isEmpty());
        engine.database.refusingDeletes = Set.of();
        forbidden.set(false);
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(listings(reads).getFirst().from()).isEqualTo(LedgerSource.position(""));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.dirtyOf("a")).isEmpty();
    }

    @Test
    void manyReportedDeletionsAloneDoNotListTheTableAgainAndAgain() throws Exception {
        engine.dirtyKeys = 3;
        node = engine.node();
        node.turn();
        engine.database.refusingDeletes = Set.of("a");
        for (int i = 10; i < 16; i++) {
            engine.ledger.delete("a", "k" + i);
        }
        int reads = engine.source.reads.size();
        node.turnsUntil(() -> engine.database.dirtyOf("a").size() == 6);
        node.turns(20);
        assertThat(listings(reads).stream().filter(read -> read.from().equals(LedgerSource.position(""))))
                .hasSizeLessThanOrEqualTo(1);
        engine.database.refusingDeletes = Set.of();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    /** Postgres refuses a row; the table fails. */
    private void refuse(String key) throws InterruptedException {
        engine.ledger.put("a", key, "\"" + MemoryDatabase.HOSTILE + "\"");
        node.turnsUntil(() -> node.table("a").state() == TableState.FAILING && eventsAreRead());
        assertThat(engine.database.dirtyOf("a")).contains(hint(key, false));
        assertThat(engine.database.phase("a")).isEqualTo(TablePhase.LIVE);
    }

    private boolean eventsAreRead() {
        return engine.database
                .laneState(LedgerSource.EVENTS)
                .filter(s -> LedgerSource.value(s.checkpoint()).equals(Integer.toString(engine.ledger.lastEvent())))
                .isPresent();
    }

    private List<LedgerSource.Read> listings(int after) {
        return engine.source.reads.stream()
                .skip(after)
                .filter(read -> read.lane().equals(LedgerSource.firstPassOf("a")))
                .toList();
    }

    private static Change.Hint hint(String key, boolean deletion) {
        return new Change.Hint("a", RowKey.of(key), deletion);
    }
}
