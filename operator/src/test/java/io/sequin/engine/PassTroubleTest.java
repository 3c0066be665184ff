package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a first pass has met, and for how long that is shown: the rest of the pass may take hours. */
@Timeout(60)
class PassTroubleTest {
    private static final String REJECTED = "\"" + MemoryDatabase.HOSTILE + "\"";

    private final TestingEngine engine = new TestingEngine(new Ledger("a", "b").with("b_line", "b"));
    private final TestingEngine.Node node = engine.node();

    PassTroubleTest() {
        for (int i = 10; i < 40; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
            engine.ledger.putChild("b_line", "k" + i, "l" + i, "\"line\"");
        }
    }

    @Test
    void aLockThatIsGoneIsNotShownWhileTheTableIsListed() throws Exception {
        lockedOnce("a");
        node.turnsUntil(this::allLive);
        assertThat(states("a", 0)).endsWith(TableState.FAILING, TableState.BACKFILLING);
    }

    @Test
    void norWithTheTablesThatHadToWaitForIt() throws Exception {
        lockedOnce("b");
        node.turnsUntil(this::allLive);
        assertThat(states("b", 0)).endsWith(TableState.FAILING, TableState.BACKFILLING);
        assertThat(states("b_line", 0)).endsWith(TableState.FAILING, TableState.BACKFILLING);
    }

    @Test
    void aRecordThatIsNotRejectedAnyMoreIsNotShownWhileTheRestIsListed() throws Exception {
        engine.ledger.put("a", "k20", REJECTED);
        node.turnsUntil(() -> node.table("a").problem().isPresent());
        engine.ledger.put("a", "k20", "\"mended\"");
        node.turnsUntil(this::allLive);
        assertThat(states("a", 0)).endsWith(TableState.FAILING, TableState.BACKFILLING);
    }

    @Test
    void aRejectedRecordOfOneOfSeveralTablesStaysShownWhileTheyAreListedAgainFromTheStart() throws Exception {
        engine.ledger.putChild("b_line", "k35", "l35", REJECTED);
        node.turnsUntil(() -> node.table("b").state() == TableState.LIVE
                && node.table("b_line").state() == TableState.FAILING);
        int before = node.snapshots.size();
        int reads = reads();
        node.turnsUntil(() -> reads() > reads + 15);
        assertThat(states("b_line", before)).containsExactly(TableState.FAILING);
        assertThat(node.table("b_line").problem().map(Problem::code)).contains(PostgresProblem.RECORD_REJECTED);
        engine.ledger.putChild("b_line", "k35", "l35", "\"mended\"");
        node.turnsUntil(this::allLive);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    /** Its third commit waits for a lock, in vain. */
    private void lockedOnce(String table) {
        AtomicInteger commits = new AtomicInteger();
        engine.database.faults = point -> {
            if (point.equals("commit backfill:" + table) && commits.incrementAndGet() == 3) {
                throw new TableException(table, Problem.of(PostgresProblem.LOCK_TIMEOUT, "locked"), "55P03", null);
            }
        };
    }

    private int reads() {
        return (int) engine.source.reads.stream()
                .filter(read -> read.lane().equals(LedgerSource.firstPassOf("b")))
                .count();
    }

    private boolean allLive() {
        return node.snapshot().tables().size() == 3
                && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE);
    }

    /** One after the other, each once, before its first pass is complete. */
    private List<TableState> states(String table, int from) {
        List<TableState> states = new ArrayList<>();
        node.snapshots.stream()
                .skip(from)
                .flatMap(snapshot -> snapshot.tables().stream())
                .filter(t -> t.name().equals(table) && !t.firstPassDone())
                .map(TableProgress::state)
                .filter(state -> states.isEmpty() || states.getLast() != state)
                .forEachOrdered(states::add);
        return states;
    }
}
