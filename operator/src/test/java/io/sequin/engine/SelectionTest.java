package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.data.TableSelection;
import io.sequin.loop.StopReason;
import io.sequin.source.SourceProblem;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private final TestingEngine engine = new TestingEngine(new Ledger("a", "b").with("b_line", "b"));

    @BeforeEach
    void fill() {
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"a\"");
            engine.ledger.put("b", "k" + i, "\"b\"");
            engine.ledger.putChild("b_line", "k" + i, "l" + i, "\"line\"");
        }
    }

    @Test
    void onlySelectedTablesAreMadeAndFilled() throws Exception {
        TestingEngine.Node node = engine.node(including("a"));
        node.turn();
        engine.ledger.put("a", "k10", "\"new\"");
        engine.ledger.put("b", "k10", "\"new\"");
        node.turn();
        assertThat(engine.database.content()).containsOnlyKeys("a");
        assertThat(engine.database.rowsOf("a")).containsEntry("k10", "\"new\"");
        assertThat(node.snapshot().tables()).extracting(TableProgress::name).containsExactly("a");
        assertThat(node.snapshot().retainedTables()).isEmpty();
    }

    @Test
    void childrenCanBeSelectedWithoutTheirParents() throws Exception {
        engine.node(including("b_line")).turn();
        assertThat(engine.database.rowsOf("b_line")).hasSize(10);
        assertThat(engine.database.content()).containsOnlyKeys("b_line");
    }

    @Test
    void aTableThatIsNotSelectedAnyMoreIsKeptAsItIs() throws Exception {
        runOnce();
        engine.ledger.put("b", "k10", "\"new\"");
        TestingEngine.Node node = engine.node(excluding("b"));
        node.turn();
        assertThat(engine.database.rowsOf("b")).hasSize(10).containsEntry("k10", "\"b\"");
        assertThat(engine.database.phase("b")).isEqualTo(TablePhase.RETAINED);
        assertThat(node.snapshot().retainedTables()).containsExactly("b");
    }

    @Test
    void selectedAgainItIsListedFromTheStart() throws Exception {
        runOnce();
        TestingEngine.Node without = engine.node(excluding("b_line"));
        without.turn();
        engine.ledger.putChild("b_line", "k12", "l10", "\"moved\"");
        engine.ledger.put("b", "k10", "\"new\"");
        without.turn();
        assertThat(engine.database.rowsOf("b")).containsEntry("k10", "\"new\"");
        without.loop.close(StopReason.REPLACED);
        TestingEngine.Node node = engine.node();
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(node.snapshot().retainedTables()).isEmpty();
    }

    @Test
    void aNameThatTheSourceDoesNotHaveStopsAllBeforeAnythingIsWritten() throws Exception {
        TestingEngine.Node node = engine.node(including("a", "b_lines"));
        node.turn();
        Problem problem = node.snapshot().source().orElseThrow();
        assertThat(problem.code()).isEqualTo(SourceProblem.UNKNOWN_TABLE);
        assertThat(problem.message()).contains("spec.tables.include", "b_lines (did you mean b_line");
        assertThat(engine.database.takes()).isZero();
    }

    private void runOnce() throws InterruptedException {
        TestingEngine.Node node = engine.node();
        node.turn();
        node.loop.close(StopReason.REPLACED);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private static TableSelection including(String... tables) {
        return new TableSelection(Set.of(tables), Set.of());
    }

    private static TableSelection excluding(String... tables) {
        return new TableSelection(Set.of(), Set.of(tables));
    }
}
