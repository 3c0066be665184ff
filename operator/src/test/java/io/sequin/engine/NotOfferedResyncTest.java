package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.loop.StopReason;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A live table of whose product somebody says that the account does not have it, when it is to be synced again. */
@Timeout(60)
class NotOfferedResyncTest {
    private final TestingEngine engine = new TestingEngine("a", "r");
    private final AtomicBoolean spoken = new AtomicBoolean();

    @BeforeEach
    void fill() throws InterruptedException {
        engine.source.refreshed = Set.of("r");
        engine.source.asked = Set.of("r");
        for (int i = 10; i < 20; i++) {
            engine.ledger.put("a", "k" + i, "\"v\"");
            engine.ledger.put("r", "k" + i, "\"v\"");
        }
        TestingEngine.Node first = engine.node();
        first.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        first.loop.close(StopReason.SHUTDOWN);
    }

    private void notOffered(String... points) {
        engine.source.faults = point -> {
            if (point.equals("read refresh:r")) {
                spoken.set(true);
            }
            if (Set.of(points).contains(point)) {
                throw new SourceException(Problem.of(SourceProblem.NOT_OFFERED, "no such product"), "r", null);
            }
            if (point.equals("read backfill:r") && !spoken.get()) {
                throw new SourceException(Problem.of(SourceProblem.UNAVAILABLE, "not yet"));
            }
        };
    }

    /** It lists nothing before the table's tail was read. */
    private TestingEngine.Node resync() throws InterruptedException {
        ResyncRequest asked = new ResyncRequest("again", Set.of("r"));
        TestingEngine.Node node = engine.node(
                TestingEngine.plan(new ResyncPlan(Optional.of(asked), new DeleteGuard(100, Optional.empty()))));
        node.turnsUntil(() -> node.snapshot()
                .resync()
                .filter(done -> done.handled().equals(Optional.of("again")))
                .isPresent());
        return node;
    }

    @Test
    void itsListIsReadWhateverATailSays() throws Exception {
        notOffered("read refresh:r");
        engine.ledger.vanish("r", "k12");
        resync();

        assertThat(engine.database.rowsOf("r")).doesNotContainKey("k12");
    }

    @Test
    void whereTheListSaysSoTooThereIsNothingToReadAndTheRowsStay() throws Exception {
        notOffered("read refresh:r", "read backfill:r");

        resync();

        assertThat(engine.database.rowsOf("r")).hasSize(10);
        assertThat(engine.source.confirmed).isEmpty();
    }
}
