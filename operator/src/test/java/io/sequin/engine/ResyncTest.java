package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Live tables that are read again from the start. */
class ResyncTest {
    private final TestingEngine engine = new TestingEngine(new Ledger("a", "b", "c").with("b_line", "b"));

    ResyncTest() {
        for (int i = 10; i < 30; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
            engine.ledger.putChild("b_line", "k" + i, "k" + i, "\"l" + i + "\"");
            engine.ledger.put("c", "k" + i, "\"c" + i + "\"");
        }
        engine.database.passes.now = engine.ledger::lastEvent;
    }

    private static ResyncPlan asking(String token, String... tables) {
        return asking(token, new DeleteGuard(100, Optional.empty()), tables);
    }

    private static ResyncPlan asking(String token, DeleteGuard guard, String... tables) {
        return new ResyncPlan(Optional.of(new ResyncRequest(token, Set.of(tables))), guard);
    }

    /** The first passes are over, in a process that is gone. */
    private void live() throws InterruptedException {
        run(ResyncPlan.NONE).loop.close(StopReason.SHUTDOWN);
    }

    /** Until nothing is left to do. */
    private TestingEngine.Node run(ResyncPlan plan) throws InterruptedException {
        TestingEngine.Node node = engine.node(TestingEngine.plan(plan));
        node.turnsUntil(() -> node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE)
                && node.snapshot().tables().size() == 4
                && node.snapshot().resync().filter(r -> r.left().isEmpty()).isPresent());
        return node;
    }

    private ResyncProgress progress(TestingEngine.Node node) {
        return node.snapshot().resync().orElseThrow();
    }

    @Test
    void rowsThatVanishedWithoutAnEventAreDeletedWithTheirChildren() throws Exception {
        live();
        engine.ledger.vanish("a", "k11");
        engine.ledger.vanish("b", "k12");
        TestingEngine.Node node = run(asking("t"));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.passes.swept).isEqualTo(3);
        assertThat(progress(node).handled()).contains("t");
    }

    @Test
    void theTokenThatIsThereAtTheBeginningIsDoneWithTheFirstPasses() throws Exception {
        TestingEngine.Node node = run(asking("t"));
        assertThat(progress(node).handled()).contains("t");
        assertThat(engine.database.passes.starts).isZero();
    }

    @Test
    void aHandledTokenIsNotCarriedOutAgain() throws Exception {
        live();
        run(asking("t")).loop.close(StopReason.SHUTDOWN);
        int starts = engine.database.passes.starts;
        assertThat(starts).isEqualTo(3);
        run(asking("t", "a")).loop.close(StopReason.SHUTDOWN);
        assertThat(engine.database.passes.starts).isEqualTo(starts);
        run(asking("u", "a"));
        assertThat(engine.database.passes.starts).isEqualTo(starts + 1);
    }

    @Test
    void onlyTheTablesAskedForAreReadAndSwept() throws Exception {
        live();
        engine.ledger.vanish("a", "k11");
        engine.ledger.vanish("c", "k11");
        run(asking("t", "a"));
        assertThat(engine.database.rowsOf("a")).doesNotContainKey("k11");
        assertThat(engine.database.rowsOf("c")).containsKey("k11");
    }

    @Test
    void theChildrenOfRowsThatVanishedGoAlsoWhereTheirTableWasNotAskedFor() throws Exception {
        live();
        engine.ledger.vanish("b", "k12");
        run(asking("t", "b"));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void changesKeepArrivingWhileItRuns() throws Exception {
        live();
        engine.ledger.vanish("a", "k29");
        engine.source.answers = point -> {
            if (point.equals("read backfill:a") && engine.ledger.get("a", "k10") != null) {
                // behind the place of the listing
                engine.ledger.delete("a", "k10");
                engine.ledger.put("a", "k05", "\"late\"");
            }
        };
        run(asking("t", "a")).turns(3);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.rowsOf("a")).containsKey("k05");
    }

    @Test
    void itGoesOnAfterAFailureWithoutReadingAnythingTwice() throws Exception {
        live();
        engine.source.faults = failingOnce("read backfill:a", 3);
        int before = engine.source.reads.size();
        run(asking("t", "a"));
        long pages = engine.source.reads.stream()
                .skip(before)
                .filter(read -> read.lane().equals(LedgerSource.firstPassOf("a")))
                .count();
        assertThat(pages).isLessThanOrEqualTo(1 + 20 / engine.source.pageSize + 3);
        assertThat(engine.database.passes.starts).isEqualTo(1);
    }

    @Test
    void anotherProcessGoesOnWhereTheFirstOneWas() throws Exception {
        live();
        engine.ledger.vanish("a", "k11");
        TestingEngine.Node first = engine.node(TestingEngine.plan(asking("t", "a")));
        engine.source.faults = failingOnce("read backfill:a", 4);
        first.turn();
        run(asking("t", "a"));
        assertThat(engine.database.passes.starts).isEqualTo(1);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void whereWhatItHadMetIsLostItStartsAgainAndDeletesNothingBefore() throws Exception {
        live();
        TestingEngine.Node first = engine.node(TestingEngine.plan(asking("t", "a")));
        engine.source.faults = failingOnce("read backfill:a", 4);
        first.turn();
        engine.database.passes.loseKeys();
        first.turnsUntil(() -> progress(first).left().isEmpty());
        assertThat(engine.database.passes.starts).isEqualTo(2);
        assertThat(engine.database.passes.swept).isZero();
    }

    @Test
    void anotherTokenInTheMiddleIsANewPass() throws Exception {
        live();
        TestingEngine.Node first = engine.node(TestingEngine.plan(asking("t")));
        engine.source.faults = failingOnce("read backfill:a", 4);
        first.turn();
        first.loop.close(StopReason.SHUTDOWN);
        assertThat(engine.database.laneState(new LaneId("resync:backfill:a")))
                .as("where the first one was")
                .hasValueSatisfying(
                        at -> assertThat(LedgerSource.value(at.checkpoint())).isNotEmpty());
        int starts = engine.database.passes.starts;
        int reads = engine.source.reads.size();
        TestingEngine.Node second = run(asking("u", "a"));
        assertThat(progress(second).handled()).contains("u");
        assertThat(engine.database.passes.starts).as("passes begun").isEqualTo(starts + 1);
        assertThat(engine.source.reads.stream()
                        .skip(reads)
                        .filter(read -> read.lane().equals(LedgerSource.firstPassOf("a")))
                        .map(LedgerSource.Read::from))
                .as("read from the start to the end")
                .startsWith(LedgerSource.position(""))
                .hasSizeGreaterThan(20 / engine.source.pageSize);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aLargePartWaitsForAPersonWhileAllElseGoesOn() throws Exception {
        live();
        for (int i = 10; i < 20; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
        TestingEngine.Node node = engine.node(TestingEngine.plan(asking("t", DeleteGuard.USUAL)));
        node.turnsUntil(() -> node.snapshots.size() > 1 && progress(node).left().equals(Set.of("a")));
        assertThat(progress(node).waiting()).containsOnlyKeys("a");
        assertThat(Objects.requireNonNull(progress(node).waiting().get("a")).code())
                .isEqualTo(PostgresProblem.DELETES_NEED_CONFIRMATION);
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
        assertThat(engine.database.passes.swept).isZero();
        engine.ledger.put("a", "k30", "\"new\"");
        node.turnsUntil(() -> engine.database.rowsOf("a").containsKey("k30"));
        assertThat(engine.database.rowsOf("a")).hasSize(21);
        int reads = engine.source.reads.size();
        run(asking("t", new DeleteGuard(30, Optional.of("a-1234"))));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.source.reads.stream().skip(reads))
                .as("the list is not read again")
                .noneMatch(read -> read.lane().equals(LedgerSource.firstPassOf("a")));
    }

    @Test
    void aTableThatIsNotFilledIsNamedAndNothingBegins() throws Exception {
        live();
        TestingEngine.Node node = run(asking("t", "a", "nonsense"));
        assertThat(progress(node).unknown()).containsExactly("nonsense");
        assertThat(progress(node).handled()).isEmpty();
        assertThat(engine.database.passes.starts).isZero();
    }

    @Test
    void aTableThatCannotBeListedNowStaysLiveAndFollowsItsChanges() throws Exception {
        live();
        engine.source.faults = point -> {
            if (point.equals("read backfill:a")) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "a", null);
            }
        };
        TestingEngine.Node node = engine.node(TestingEngine.plan(asking("t")));
        node.turnsUntil(() -> node.snapshots.size() > 1 && progress(node).left().equals(Set.of("a")));
        engine.ledger.put("a", "k31", "\"new\"");
        node.turnsUntil(() -> engine.database.rowsOf("a").containsKey("k31"));
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
        assertThat(progress(node).waiting()).containsOnlyKeys("a");
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> progress(node).left().isEmpty());
    }

    private Faults failingOnce(String point, int time) {
        int[] calls = {0};
        return at -> {
            if (at.equals(point) && ++calls[0] == time) {
                throw new SourceException(Problem.of(SourceProblem.UNREACHABLE, "as the test wants"));
            }
        };
    }

    @Test
    void anAnswerToARequestSentBeforeItBeganDoesNotBringARowBack() throws Exception {
        engine.source.refreshed = Set.of("c");
        live();
        engine.ledger.put("c", "k11", "\"newer\"");
        CountDownLatch vanished = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger startsMeanwhile = new AtomicInteger();
        engine.source.answers = point -> {
            if (point.equals("read refresh:c") && vanished.getCount() > 0) {
                engine.ledger.vanish("c", "k11");
                vanished.countDown();
                // the second time it asks it has waited after the first
                engine.passTimeUntil(() -> asked.get() > 1 || engine.database.passes.starts > 0);
                startsMeanwhile.set(engine.database.passes.starts);
            }
        };
        engine.database.faults = point -> {
            if (point.equals("resume resync:backfill:c")) {
                await(vanished);
                asked.incrementAndGet();
            }
        };
        run(asking("t", "c"));
        assertThat(startsMeanwhile).as("passes begun before it came").hasValue(0);
        assertThat(engine.database.rowsOf("c")).isEqualTo(engine.ledger.truth().get("c"));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("never came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
