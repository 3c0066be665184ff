package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Json;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.RowKey;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows that are there, though the source's list does not show them: what has come by an event stays. */
class UnlistedRowsTest {
    private static final DeleteGuard ANY = new DeleteGuard(100, Optional.empty());

    private final TestingEngine engine = new TestingEngine(new Ledger("a", "b").with("b_line", "b"));

    UnlistedRowsTest() throws InterruptedException {
        engine.source.asked = Set.of("a", "b_line");
        engine.source.unlisted = value -> value.startsWith("\"closed");
        for (int i = 10; i < 30; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
            engine.ledger.putChild("b_line", "k" + i, "k" + i, "\"l" + i + "\"");
        }
        TestingEngine.Node node = node("", ANY);
        node.turnsUntil(() -> node.snapshot().tables().size() == 3
                && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE));
        for (int i = 10; i < 22; i++) {
            engine.ledger.put("a", "k" + i, "\"closed" + i + "\"");
        }
        node.turnsUntil(
                () -> engine.database.rowsOf("a").equals(engine.ledger.truth().get("a")));
        node.loop.close(StopReason.SHUTDOWN);
        engine.source.fetched.clear();
    }

    private TestingEngine.Node node(String token, DeleteGuard guard) {
        Optional<ResyncRequest> asked =
                token.isEmpty() ? Optional.empty() : Optional.of(new ResyncRequest(token, Set.of()));
        return engine.node(TestingEngine.plan(new ResyncPlan(asked, guard)));
    }

    private TestingEngine.Node resynced(DeleteGuard guard) throws InterruptedException {
        TestingEngine.Node node = node("t", guard);
        node.turnsUntil(() -> progress(node).handled().filter("t"::equals).isPresent());
        return node;
    }

    private static ResyncProgress progress(TestingEngine.Node node) {
        return node.snapshot().resync().orElse(ResyncProgress.NONE);
    }

    private List<String> confirmed(String table) {
        return engine.source.confirmed.stream()
                .filter(hint -> hint.table().equals(table))
                .map(Change::key)
                .map(key -> key.parts().getFirst())
                .toList();
    }

    @Test
    void aResyncDeletesNoRowThatTheSourceStillHas() throws Exception {
        resynced(ANY);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.passes.swept).isZero();
        assertThat(confirmed("a")).hasSize(12).doesNotHaveDuplicates();
        assertThat(engine.source.fetched)
                .as("what keeps rows current is not asked")
                .isEmpty();
    }

    @Test
    void whatIsStillThereIsWrittenAsItIs() throws Exception {
        engine.database.tables.apply(
                List.of(new Change.Upsert("a", RowKey.of("k10"), Json.of("\"wrong\""))), engine.clock.instant());
        resynced(ANY);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void whatTheSourceSaysIsGoneGoes() throws Exception {
        engine.ledger.vanish("a", "k10");
        engine.ledger.vanish("a", "k29");
        resynced(ANY);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.passes.swept).isEqualTo(2);
    }

    @Test
    void onlyRowsThatAreGoneCountForTheGuard() throws Exception {
        for (int i = 22; i < 28; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
        resynced(DeleteGuard.USUAL);
        assertThat(engine.database.content())
                .as("18 of 20 rows are not listed, 6 are gone: 30 %")
                .isEqualTo(engine.ledger.truth());
    }

    @Test
    void whatWaitsForAPersonIsNotAskedForAgain() throws Exception {
        for (int i = 22; i < 29; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
        TestingEngine.Node node = node("t", DeleteGuard.USUAL);
        node.turnsUntil(() -> progress(node).waiting().containsKey("a"));
        Problem why = Objects.requireNonNull(progress(node).waiting().get("a"));
        assertThat(why.code()).isEqualTo(PostgresProblem.DELETES_NEED_CONFIRMATION);
        assertThat(why.message()).contains("7 of 20 rows");
        int asked = confirmed("a").size();
        node.loop.close(StopReason.SHUTDOWN);
        resynced(ANY);
        assertThat(confirmed("a")).hasSize(asked).hasSize(19);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aSourceThatCantBeAskedDeletesNothingAndIsAskedForTheRestLater() throws Exception {
        engine.ledger.vanish("a", "k28");
        int[] calls = {0};
        engine.source.faults = point -> {
            if (point.equals("confirm a") && ++calls[0] == 10) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "a", null);
            }
        };
        TestingEngine.Node node = node("t", ANY);
        node.turnsUntil(() -> progress(node).waiting().containsKey("a"));
        assertThat(engine.database.passes.swept).isZero();
        node.turnsUntil(() -> progress(node).handled().filter("t"::equals).isPresent());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(confirmed("a"))
                .as("asked for twice: some of one piece of five")
                .hasSizeLessThan(13 + 5);
    }

    @Test
    void aRowThatCantBeAskedForIsAskedForSomeTimesMoreAndThenStaysAndTheRestGoes() throws Exception {
        engine.ledger.vanish("a", "k24");
        engine.ledger.vanish("a", "k28");
        int[] calls = {0};
        engine.source.faults = point -> {
            if (point.equals("confirm a k24")) {
                calls[0]++;
                throw new SourceException(Problem.of(SourceProblem.UNAVAILABLE, "broken"));
            }
        };
        TestingEngine.Node node = node("t", ANY);
        node.turnsUntil(() -> progress(node).waiting().containsKey("a"));
        assertThat(Objects.requireNonNull(progress(node).waiting().get("a")).message())
                .contains("row k24 can't be had");
        assertThat(engine.database.passes.swept).isZero();
        node.turnsUntil(() -> progress(node).handled().filter("t"::equals).isPresent());
        assertThat(calls[0]).isBetween(5, 10);
        assertThat(engine.database.rowsOf("a")).containsKey("k24").doesNotContainKey("k28");
        assertThat(confirmed("a")).as("few others were asked for again").hasSizeLessThan(14 + 10 + 5);
        engine.source.faults = Faults.NONE;
        node.loop.close(StopReason.SHUTDOWN);
        TestingEngine.Node later = node("t2", ANY);
        later.turnsUntil(() -> progress(later).handled().filter("t2"::equals).isPresent());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aRowThatIsMadeAgainWhileItIsAskedForStays() throws Exception {
        engine.ledger.vanish("a", "k28");
        engine.source.answers = point -> {
            if (point.equals("confirm a") && engine.ledger.get("a", "k28") == null) {
                engine.ledger.put("a", "k28", "\"closed again\"");
                engine.passTimeUntil(() -> true);
            }
        };
        resynced(ANY).turns(3);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void rowsOfParentsAreAskedForByTheParent() throws Exception {
        engine.source.unlisted = value -> value.startsWith("\"closed") || value.startsWith("\"l1");
        engine.ledger.vanish("b", "k25");
        resynced(ANY);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aTableWhoseListLeavesRowsOutIsNotListedAgainForItsDirtyKeys() throws Exception {
        engine.dirtyKeys = 3;
        TestingEngine.Node node = node("", ANY);
        engine.source.faults = point -> {
            if (point.equals("fetch a")) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "a", null);
            }
        };
        for (int i = 10; i < 22; i++) {
            engine.ledger.put("a", "k" + i, "\"closed later " + i + "\"");
        }
        node.turnsUntil(() -> engine.database.dirtyOf("a").size() > 3);
        node.turns(5);
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> engine.database.dirtyOf("a").isEmpty());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }
}
