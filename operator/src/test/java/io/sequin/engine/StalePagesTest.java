package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.TablePhase;
import io.sequin.loop.StopReason;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A page of a listing is read, then something happens, the tail applies that, and only then the page is committed: it
 * must not undo it. The listing runs over a table that is live, since another one that it fills was dropped, or since
 * a re-sync was asked for.
 */
@Timeout(60)
class StalePagesTest {
    private static final String LISTING = "read backfill:b";
    private static final ResyncPlan RESYNC =
            new ResyncPlan(Optional.of(new ResyncRequest("t", Set.of())), DeleteGuard.USUAL);

    /** Why a table that is live is listed. */
    enum Listing {
        OF_A_FIRST_PASS,
        OF_A_RESYNC
    }

    private final TestingEngine engine = new TestingEngine(new Ledger("b").with("b_line", "b"));
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() throws Exception {
        engine.ledger.put("b", "k10", "\"first\"");
        engine.ledger.put("b", "k11", "\"first\"");
        engine.ledger.putChild("b_line", "k10", "l1", "\"first\"");
        engine.ledger.putChild("b_line", "k10", "l2", "\"first\"");
        node.turn();
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeAChange(Listing why) throws Exception {
        listAnew(
                why,
                "b_line",
                () -> engine.ledger.put("b", "k10", "\"new\""),
                () -> value("b", "k10").equals("\"new\""));
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeADelete(Listing why) throws Exception {
        listAnew(
                why,
                "b_line",
                () -> engine.ledger.delete("b", "k10"),
                () -> value("b", "k10").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeAChangeThatLeftTheRowEqual(Listing why) throws Exception {
        engine.ledger.put("b", "k10", "\"between\"");
        int events = engine.ledger.lastEvent();
        listAnew(
                why,
                "b_line",
                () -> engine.ledger.put("b", "k10", "\"first\""),
                () -> tailIsBehind(events + 1) && value("b", "k10").equals("\"first\""));
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeAnIdWasDeletedAndCreatedAgain(Listing why) throws Exception {
        listAnew(
                why,
                "b_line",
                () -> {
                    engine.ledger.delete("b", "k11");
                    engine.ledger.put("b", "k11", "\"again\"");
                },
                () -> value("b", "k11").equals("\"again\""));
    }

    @ParameterizedTest
    @EnumSource
    void readWhileAnIdWasDeletedThatIsThereAgain(Listing why) throws Exception {
        engine.ledger.delete("b", "k11");
        listAnew(
                why,
                "b_line",
                () -> engine.ledger.put("b", "k11", "\"again\""),
                () -> value("b", "k11").equals("\"again\""));
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeAChildWasRemovedFromItsParent(Listing why) throws Exception {
        listAnew(
                why,
                "b",
                () -> engine.ledger.deleteChild("b_line", "l2"),
                () -> value("b_line", "l2").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeAChildWasAddedToItsParent(Listing why) throws Exception {
        listAnew(
                why,
                "b",
                () -> engine.ledger.putChild("b_line", "k10", "l3", "\"new\""),
                () -> value("b_line", "l3").equals("\"new\""));
    }

    @ParameterizedTest
    @EnumSource
    void readBeforeAChildMovedToAnotherParent(Listing why) throws Exception {
        listAnew(
                why,
                "b",
                () -> engine.ledger.putChild("b_line", "k11", "l2", "\"moved\""),
                () -> value("b_line", "l2").equals("\"moved\""));
    }

    /**
     * A lane lists again; a page that is on its way waits until the tail has applied what happened after it was read.
     *
     * @param other a table of the lane that can be spared
     */
    private void listAnew(Listing why, String other, Runnable meanwhile, BooleanSupplier applied) throws Exception {
        node.loop.close(StopReason.SHUTDOWN);
        if (why == Listing.OF_A_FIRST_PASS) {
            engine.database.drop(other);
        }
        int passes = engine.database.passes.starts;
        AtomicBoolean once = new AtomicBoolean();
        AtomicBoolean overtaken = new AtomicBoolean();
        engine.source.answers = point -> {
            if (point.equals(LISTING) && once.compareAndSet(false, true)) {
                meanwhile.run();
                engine.passTimeUntil(applied);
                overtaken.set(
                        why == Listing.OF_A_FIRST_PASS
                                ? engine.database.phase(other) == TablePhase.FIRST_PASS
                                : engine.database.passes.starts > passes
                                        && node.snapshot()
                                                .resync()
                                                .filter(r -> r.left().contains("b"))
                                                .isPresent());
            }
        };
        node = engine.node(TestingEngine.plan(why == Listing.OF_A_FIRST_PASS ? ResyncPlan.NONE : RESYNC));
        node.turnsUntil(() -> overtaken.get()
                && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE)
                && node.snapshot().resync().filter(r -> r.left().isEmpty()).isPresent());
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        node.turns(2);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    private String value(String table, String key) {
        return engine.database.rowsOf(table).getOrDefault(key, "");
    }

    private boolean tailIsBehind(int event) {
        return engine.database
                .laneState(LedgerSource.EVENTS)
                .filter(s -> Integer.parseInt(LedgerSource.value(s.checkpoint())) >= event)
                .isPresent();
    }
}
