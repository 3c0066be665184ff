package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusedDeletesTest {
    private final TestingEngine engine = new TestingEngine("a", "b");
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() throws Exception {
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
            engine.ledger.put("b", "k" + i, "\"b" + i + "\"");
        }
        node.turn();
        engine.database.refusingDeletes = Set.of("a");
        engine.ledger.delete("a", "k10");
        engine.ledger.put("b", "k10", "\"changed\"");
        node.turn();
    }

    @Test
    void stopTheirTableOnly() throws Exception {
        node.turnsUntil(() -> node.table("a").state() == TableState.FAILING);
        assertThat(node.table("a").problem().map(Problem::code)).contains(PostgresProblem.DELETE_REFUSED);
        assertThat(node.snapshot().destination()).isEmpty();
        engine.ledger.delete("b", "k11");
        engine.ledger.delete("a", "k11");
        node.turns(5);
        assertThat(engine.database.content().get("b"))
                .isEqualTo(engine.ledger.truth().get("b"));
        assertThat(engine.database.content().get("a")).containsKeys("k10", "k11");
    }

    @Test
    void areDoneOnceTheyAreTaken() throws Exception {
        node.turns(5);
        engine.ledger.delete("a", "k11");
        node.turns(5);
        engine.database.refusingDeletes = Set.of();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void outliveTheProcess() throws Exception {
        node.turns(5);
        node.loop.close(StopReason.SHUTDOWN);
        node = engine.node();
        node.turn();
        assertThat(node.table("a").problem().map(Problem::code)).contains(PostgresProblem.DELETE_REFUSED);
        engine.database.refusingDeletes = Set.of();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void neverRemoveARowThatIsThereAgain() throws Exception {
        node.turns(5);
        engine.ledger.put("a", "k10", "\"again\"");
        engine.database.refusingDeletes = Set.of();
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        node.turns(3);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }
}
