package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.postgres.load.Batch;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows that together are many times what may be held at once come in pieces, whoever asks for them by name. */
@Timeout(120)
class LargeRowsTest {
    private static final int ROWS = 30;
    private static final int ROW = 20 << 10;
    /** As many as a page holds, and for each of four threads the row that goes beyond its share. */
    private static final int MOST = 2 + 4;

    private final TestingEngine engine = new TestingEngine("a");

    @BeforeEach
    void oneReadIsEnough() {
        engine.source.pageSize = ROWS + 1;
        engine.pageBytes = 32 << 10;
        fill("old", 1);
    }

    private void fill(String value, int times) {
        for (int i = 10; i < 10 + ROWS; i++) {
            engine.ledger.put("a", "k" + i, "\"" + value + i + "x".repeat(times) + "\"");
        }
    }

    private void assertThatNoneHeldTooMuch(List<Batch> commits, int rows) {
        assertThat(commits)
                .allSatisfy(batch -> assertThat(batch.changes().stream()
                                .mapToLong(change -> change.bytes())
                                .sum())
                        .isLessThan(rows * (ROW + 100L)));
        assertThat(commits.stream().flatMap(batch -> batch.changes().stream()))
                .as("each came once")
                .hasSize(ROWS);
        assertThat(engine.budget.available()).isEqualTo(engine.budget.total());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void ofAPageOfEventsTheLastPieceAloneMovesTheCursor() throws Exception {
        TestingEngine.Node node = engine.node();
        node.turn();
        engine.database.commits.clear();
        fill("new", ROW);

        node.turn();

        List<Batch> commits = engine.database.commits.stream()
                .filter(batch -> batch.lane().equals(LedgerSource.EVENTS))
                .toList();
        assertThat(commits).hasSizeGreaterThan(3);
        assertThatNoneHeldTooMuch(commits, MOST);
        int end = engine.ledger.lastEvent();
        assertThat(commits.getLast().after()).isEqualTo(LedgerSource.position(Integer.toString(end)));
        assertThat(commits.subList(0, commits.size() - 1))
                .allSatisfy(batch ->
                        assertThat(batch.after()).isEqualTo(LedgerSource.position(Integer.toString(end - ROWS))));
    }

    @Test
    void soDoDirtyKeys() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.startsWith("read backfill") && !once.getAndSet(true)) {
                fill("new", ROW);
            }
        };
        TestingEngine.Node node = engine.node();
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThatNoneHeldTooMuch(
                engine.database.commits.stream()
                        .filter(batch -> batch.changes().stream().anyMatch(change -> change.bytes() > ROW))
                        .toList(),
                MOST);
    }

    @Test
    void soDoRowsThatAReSyncHasToAskFor() throws Exception {
        fillUnlisted();
        engine.database.commits.clear();

        resync();

        assertThat(engine.source.confirmed).hasSize(ROWS);
        assertThatNoneHeldTooMuch(List.copyOf(engine.database.commits), 3);
    }

    /** Nobody said that it is gone, though the piece that came before it was written. */
    @Test
    void aRowOfALaterPieceThatCantBeHadStays() throws Exception {
        fillUnlisted();
        AtomicInteger left = new AtomicInteger(8);
        engine.source.faults = point -> {
            if (point.equals("confirm a k16") && left.getAndDecrement() > 0) {
                throw new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "slow down"));
            }
            if (point.equals("confirm a k17")) {
                throw new SourceException(Problem.of(SourceProblem.UNAVAILABLE, "broken"));
            }
        };

        resync();

        assertThat(left.get()).isNegative();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    /** What a list does not show; the database hands out five keys at once, of which three groups are made. */
    private void fillUnlisted() throws InterruptedException {
        engine.pageBytes = 8 << 10;
        engine.source.asked = Set.of("a");
        fill("unlisted", ROW);
        engine.node().turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        engine.source.unlisted = value -> value.contains("unlisted");
    }

    private void resync() throws InterruptedException {
        ResyncRequest request = new ResyncRequest("again", Set.of());
        TestingEngine.Node again = engine.node(
                TestingEngine.plan(new ResyncPlan(Optional.of(request), new DeleteGuard(100, Optional.empty()))));
        again.turnsUntil(() -> again.snapshot()
                .resync()
                .filter(done -> done.handled().equals(Optional.of("again")))
                .isPresent());
    }
}
