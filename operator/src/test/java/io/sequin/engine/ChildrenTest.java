package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.Scope;
import io.sequin.data.TablePhase;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table and that of its children, filled by one lane. */
class ChildrenTest {
    private final TestingEngine engine = new TestingEngine(new Ledger("a", "b").with("b_line", "b"));
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() {
        for (int i = 10; i < 30; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
            for (int line = 0; line < i % 4; line++) {
                engine.ledger.putChild("b_line", "k" + i, "l" + i + line, "\"line\"");
            }
        }
    }

    @Test
    void bothAreLiveAtTheEndOfTheirLane() throws Exception {
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(node.snapshot().tables()).allMatch(t -> t.state() == TableState.LIVE);
    }

    @Test
    void aParentAndItsChildrenShareEachCommit() throws Exception {
        node.turn();
        assertThat(engine.database.commits)
                .allSatisfy(batch -> batch.changes().stream()
                        .filter(Change.ChildSet.class::isInstance)
                        .forEach(set -> assertThat(batch.changes())
                                .anyMatch(c -> c.table().equals("b") && c.key().equals(set.key()))));
    }

    @Test
    void changesOfChildrenFollow() throws Exception {
        node.turn();
        engine.ledger.putChild("b_line", "k12", "l130", "\"moved\"");
        engine.ledger.deleteChild("b_line", "l140");
        engine.ledger.delete("b", "k15");
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.rowsOf("b_line")).containsKey("l130").doesNotContainKeys("l140", "l150");
    }

    /** Which children the list lacks because it begins later only their parents can tell. */
    @Test
    void aReSyncOfChildrenSinceSomeDayWaitsUntilTheirParentsAreFilled() throws Exception {
        node.turn();
        node.loop.close(StopReason.SHUTDOWN);
        Scope.Since day = new Scope.Since("created", Instant.EPOCH);
        engine.source.since = Map.of("b", day, "b_line", day);
        engine.database.tables.setPhases(Map.of("b", TablePhase.FIRST_PASS));
        engine.source.faults = point -> {
            if (point.equals("read backfill:b")) {
                throw new SourceException(Problem.of(SourceProblem.UNAVAILABLE, "for a while"));
            }
        };
        ResyncRequest asked = new ResyncRequest("again", Set.of("b_line"));
        TestingEngine.Node again =
                engine.node(TestingEngine.plan(new ResyncPlan(Optional.of(asked), DeleteGuard.USUAL)));
        for (int i = 0; i < 5; i++) {
            again.turn();
        }
        assertThat(again.table("b").state()).isNotEqualTo(TableState.LIVE);
        assertThat(engine.database.passes.starts).isZero();

        engine.source.faults = Faults.NONE;
        again.turnsUntil(() -> again.snapshot()
                .resync()
                .filter(done -> done.handled().equals(Optional.of("again")))
                .isPresent());
        assertThat(engine.database.passes.starts).isEqualTo(1);
    }

    @Test
    void childrenThatAreForbiddenDoNotStopTheirParents() throws Exception {
        AtomicBoolean forbidden = new AtomicBoolean(true);
        engine.source.faults = forbiddenChildren(forbidden);
        node.turnsUntil(() -> node.snapshot().caughtUp().isPresent());
        assertThat(node.table("b").state()).isEqualTo(TableState.LIVE);
        assertThat(node.table("b_line").state()).isEqualTo(TableState.FAILING);
        engine.ledger.delete("b", "k15");
        engine.ledger.put("b", "k16", "\"goes on\"");
        node.turnsUntil(
                () -> engine.database.rowsOf("b").getOrDefault("k16", "").contains("goes on"));
        forbidden.set(false);
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void whatWasPassedOverIsListedAgainAlsoByAnotherProcess() throws Exception {
        AtomicBoolean forbidden = new AtomicBoolean(true);
        engine.source.faults = point -> {
            if (point.equals("commit backfill:b") && engine.database.rowsOf("b").size() > 10) {
                forbidden.set(false);
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
            forbiddenChildren(forbidden).at(point);
        };
        engine.database.faults = engine.source.faults;
        node.turn();
        assertThat(engine.database.rowsOf("b").size()).isBetween(10, 19);
        assertThat(engine.database.rowsOf("b_line")).isEmpty();
        node.loop.close(StopReason.SHUTDOWN);
        engine.source.faults = Faults.NONE;
        engine.database.faults = Faults.NONE;
        node = engine.node();
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aForeignTableOfChildrenDoesNotStopTheirParents() throws Exception {
        engine.database.foreign = Set.of("b_line");
        node.turnsUntil(() -> node.snapshot().caughtUp().isPresent());
        assertThat(node.table("b").state()).isEqualTo(TableState.LIVE);
        assertThat(node.table("b_line").problem().map(Problem::code)).contains(PostgresProblem.TABLE_CONFLICT);
        int reads = engine.source.reads.size();
        node.turns(3);
        assertThat(engine.source.reads.subList(reads, engine.source.reads.size()))
                .as("nothing is listed as long as it can't be written")
                .noneMatch(read -> read.lane().equals(LedgerSource.firstPassOf("b")));
        engine.database.foreign = Set.of();
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aHostileChildStopsOnlyItsTable() throws Exception {
        engine.ledger.putChild("b_line", "k20", "l1", "\"" + MemoryDatabase.HOSTILE + "\"");
        node.turnsUntil(() -> node.snapshot().caughtUp().isPresent());
        assertThat(node.table("b").state()).isEqualTo(TableState.LIVE);
        assertThat(node.table("b_line").problem().map(Problem::code)).contains(PostgresProblem.RECORD_REJECTED);
        engine.ledger.deleteChild("b_line", "l1");
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aDroppedTableOfChildrenIsFilledAgainWhileItsParentsStayLive() throws Exception {
        node.turn();
        node.loop.close(StopReason.SHUTDOWN);
        engine.database.drop("b_line");
        node = engine.node();
        node.turn();
        assertThat(engine.database.phase("b")).isEqualTo(TablePhase.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void childrenWhoseDeleteIsRefusedGoOnceItIsTakenThoughTheirParentIsGone() throws Exception {
        node.turn();
        engine.database.refusingDeletes = Set.of("b_line");
        engine.ledger.delete("b", "k15");
        node.turnsUntil(() -> node.table("b_line").state() == TableState.FAILING);
        assertThat(engine.database.rowsOf("b")).doesNotContainKey("k15");
        assertThat(engine.database.rowsOf("b_line")).containsKey("l150");
        engine.database.refusingDeletes = Set.of();
        node.turnsUntil(() -> node.table("b_line").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private static Faults forbiddenChildren(AtomicBoolean forbidden) {
        return point -> {
            if (forbidden.get() && (point.equals("list b_line") || point.equals("fetch b_line"))) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "not allowed"), "b_line", null);
            }
        };
    }
}
