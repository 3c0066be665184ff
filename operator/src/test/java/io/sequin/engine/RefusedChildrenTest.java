package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.loop.StopReason;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A row that is caught up with brings children which their own table refuses: that holds up neither of the rows. */
@Timeout(60)
class RefusedChildrenTest {
    private static final String REFUSED = "\"" + MemoryDatabase.HOSTILE + "\"";

    private final TestingEngine engine = new TestingEngine(new Ledger("b").with("b_line", "b"));
    private TestingEngine.Node node = engine.node();

    @Test
    void whatIsFetchedWithADirtyRowAndRefusedGetsDirtyInItsOwnTableAndTheRowIsWritten() throws Exception {
        for (int i = 10; i < 14; i++) {
            engine.ledger.put("b", "k" + i, "\"first\"");
            engine.ledger.putChild("b_line", "k" + i, "l" + i, "\"first\"");
        }
        node.turnsUntil(this::allLive);
        engine.ledger.put("b", "k12", REFUSED);
        node.turnsUntil(() -> node.table("b").state() == TableState.FAILING);
        engine.ledger.put("b", "k10", "\"new\"");
        node.turnsUntil(() -> engine.database.dirtyOf("b").contains(new Change.Hint("b", RowKey.of("k10"), false)));
        assertThat(node.table("b_line").state()).isEqualTo(TableState.LIVE);

        engine.ledger.put("b", "k12", "\"mended\"");
        badChildOnceItsParentIsFetched();
        node.turnsUntil(() -> node.table("b").state() == TableState.LIVE);

        assertThat(engine.database.rowsOf("b")).containsEntry("k10", "\"new\"").containsEntry("k12", "\"mended\"");
        assertThat(node.table("b_line").state()).isEqualTo(TableState.FAILING);
        assertThat(engine.database.dirtyOf("b")).isEmpty();
        assertThat(engine.database.dirtyOf("b_line")).contains(new Change.Hint("b_line", RowKey.of("k10"), false));
        assertThat(engine.database.rowsOf("b_line")).containsEntry("l10", "\"first\"");

        engine.ledger.putChild("b_line", "k10", "l10", "\"fine\"");
        node.turnsUntil(this::allLive);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.database.dirtyOf("b_line")).isEmpty();
    }

    @Test
    void whatIsDirtyOfATableThatCanNotBeMadeSureOfStaysSoThoughItsLaneListsTheOthersAgain() throws Exception {
        for (int i = 10; i < 14; i++) {
            engine.ledger.put("b", "k" + i, "\"first\"");
            engine.ledger.putChild("b_line", "k" + i, "l" + i, "\"first\"");
        }
        node.turnsUntil(this::allLive);
        engine.ledger.putChild("b_line", "k12", "l12", REFUSED);
        node.turnsUntil(() -> node.table("b_line").state() == TableState.FAILING);
        for (int i = 10; i < 14; i++) {
            engine.ledger.putChild("b_line", "k" + i, "l" + i, "\"new\"");
        }
        node.turnsUntil(() -> engine.database.dirtyOf("b_line").size() > 2);
        node.loop.close(StopReason.SHUTDOWN);
        engine.dirtyKeys = 2;
        engine.database.foreign = Set.of("b");
        node = engine.node();
        for (int i = 10; i < 14; i++) {
            engine.ledger.put("b", "k" + i, "\"new\"");
        }
        node.turnsUntil(() ->
                engine.database.dirtyOf("b").size() == 4 && node.table("b_line").state() == TableState.LIVE);
        node.turn();

        engine.database.foreign = Set.of();
        node.turnsUntil(this::allLive);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    /** Not before: its event would be the tail's to refuse. */
    private void badChildOnceItsParentIsFetched() {
        AtomicBoolean once = new AtomicBoolean();
        engine.source.faults = point -> {
            if (point.equals("fetch b") && once.compareAndSet(false, true)) {
                engine.ledger.putChild("b_line", "k10", "l10", REFUSED);
            }
        };
    }

    private boolean allLive() {
        return node.snapshot().tables().size() == 2
                && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE);
    }
}
