package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that the source does not answer for, though it does for others: nothing else waits for them. */
@Timeout(60)
class StuckRowsTest {
    private final TestingEngine engine = new TestingEngine("a", "b");
    private TestingEngine.Node node = engine.node();

    @BeforeEach
    void fill() throws Exception {
        put("first", 10, 30);
        engine.ledger.put("b", "k10", "\"b\"");
        node.turnsUntil(() -> node.snapshot().tables().size() == 2
                && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE));
    }

    private void put(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            engine.ledger.put("a", "k" + i, "\"" + value + "\"");
        }
    }

    private void refuse(SourceProblem code, String... keys) {
        Set<String> points = Set.of(keys);
        engine.source.faults = point -> {
            if (point.startsWith("fetch a k") && points.contains(point.substring("fetch a ".length()))) {
                boolean ofTable = code != SourceProblem.UNAVAILABLE && code != SourceProblem.UNREACHABLE;
                throw new SourceException(Problem.of(code, "no such luck"), ofTable ? "a" : null, null);
            }
        };
    }

    private long holding(String value) {
        return engine.database.rowsOf("a").values().stream()
                .filter(("\"" + value + "\"")::equals)
                .count();
    }

    private String message() {
        return node.table("a").problem().map(Problem::message).orElse("");
    }

    @ParameterizedTest
    @EnumSource(
            value = SourceProblem.class,
            names = {"UNEXPECTED_ANSWER", "UNAVAILABLE", "UNREACHABLE", "PERMISSION_DENIED"})
    void aRowThatCantBeHadKeepsNoOtherAndIsNamed(SourceProblem code) throws Exception {
        refuse(code, "k12");
        put("second", 10, 30);
        node.turnsUntil(() -> holding("second") == 19 && message().contains("row k12 "));
        assertThat(node.table("a").state()).isEqualTo(TableState.FAILING);
        assertThat(node.table("a").problem()).map(Problem::code).contains(code);
        put("third", 20, 30);
        engine.ledger.put("b", "k10", "\"b3\"");
        node.turnsUntil(() -> holding("third") == 10);
        assertThat(engine.database.rowsOf("b")).containsValue("\"b3\"");
        assertThat(engine.database.rowsOf("a")).containsEntry("k12", "\"first\"");
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @ParameterizedTest
    @EnumSource(
            value = SourceProblem.class,
            names = {"UNEXPECTED_ANSWER", "UNAVAILABLE", "UNREACHABLE"})
    void soDoesOneThatChangedAlone(SourceProblem code) throws Exception {
        refuse(code, "k12");
        put("second", 12, 13);
        node.turnsUntil(() -> message().contains("row k12 "));
        put("third", 20, 30);
        engine.ledger.put("b", "k10", "\"b3\"");
        node.turnsUntil(() -> holding("third") == 10);
        assertThat(engine.database.rowsOf("b")).containsValue("\"b3\"");
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @ParameterizedTest
    @EnumSource(
            value = SourceProblem.class,
            names = {"UNEXPECTED_ANSWER", "UNAVAILABLE", "UNREACHABLE"})
    void oneThatChangesAgainAndAgainKeepsNobodyWaitingEachTime(SourceProblem code) throws Exception {
        refuse(code, "k12");
        put("second", 12, 13);
        node.turnsUntil(() -> message().contains("row k12 "));
        // a poll is one page
        engine.source.pageSize = 10;
        Faults refusing = engine.source.faults;
        AtomicInteger polls = new AtomicInteger();
        engine.source.faults = point -> {
            if (point.equals("read events")) {
                polls.incrementAndGet();
            }
            refusing.at(point);
        };
        for (int i = 0; i < 3; i++) {
            put("third" + i, 12, 13);
            String other = "\"b" + i + "\"";
            engine.ledger.put("b", "k10", other);
            polls.set(0);
            node.turnsUntil(() -> engine.database.rowsOf("b").containsValue(other));
            assertThat(polls).hasValue(1);
        }
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void anotherProcessLeavesThemOutAgainAndTheRestIsCaughtUpWith() throws Exception {
        refuse(SourceProblem.UNEXPECTED_ANSWER, "k12", "k13", "k20", "k21");
        put("second", 10, 30);
        node.turnsUntil(() -> holding("second") == 16);
        node.loop.close(StopReason.SHUTDOWN);
        node = engine.node();
        node.turnsUntil(() -> message().contains("4 rows can't be had from the source (k12, k13, k20, …)"));
        put("third", 14, 16);
        node.turnsUntil(() -> holding("third") == 2);
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void theyAreAskedForEverMoreRarelyAndAtOnceWhereSomebodyAsks() throws Exception {
        refuse(SourceProblem.UNEXPECTED_ANSWER, "k12");
        put("second", 10, 30);
        node.turnsUntil(() -> message().contains("row k12 "));
        int before = engine.source.fetched.size();
        node.turns(60);
        int asked = engine.source.fetched.size() - before;
        assertThat(asked).as("of some minutes").isBetween(5, 40);
        engine.source.faults = Faults.NONE;
        node.loop.woken();
        node.loop.turn();
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
    }

    @Test
    void aRightThatIsMissingForTheTableIsNoFaultOfItsRows() throws Exception {
        engine.source.faults = point -> {
            if (point.equals("fetch a")) {
                throw new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no right"), "a", null);
            }
        };
        put("second", 10, 30);
        node.turnsUntil(() -> !engine.database.dirtyOf("a").isEmpty());
        assertThat(message()).isEqualTo("no right");
    }

    @Test
    void whereManyCantBeHadTheTableWaits() throws Exception {
        put("more", 100, 400);
        node.turnsUntil(() -> holding("more") == 300);
        engine.source.faults = point -> {
            // each other one, and never the first of a group
            if (point.startsWith("fetch a k") && point.charAt(point.length() - 1) % 2 == 1) {
                throw new SourceException(Problem.of(SourceProblem.UNEXPECTED_ANSWER, "odd"), "a", null);
            }
        };
        put("second", 100, 400);
        node.turnsUntil(() -> message().contains("rows can't be had"));
        node.turnsUntil(
                () -> engine.database.dirtyOf("a").size() > 100 && message().contains("101"));
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aReportedDeletionOfOneIsApplied() throws Exception {
        refuse(SourceProblem.UNEXPECTED_ANSWER, "k12");
        put("second", 13, 30);
        engine.ledger.delete("a", "k12");
        node.turnsUntil(() -> !engine.database.rowsOf("a").containsKey("k12"));
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aResyncDoesNotWaitForThemAndDeletesNoneOfThem() throws Exception {
        refuse(SourceProblem.UNEXPECTED_ANSWER, "k12");
        put("second", 10, 30);
        node.turnsUntil(() -> message().contains("row k12 "));
        node.loop.close(StopReason.SHUTDOWN);
        ResyncPlan plan =
                new ResyncPlan(Optional.of(new ResyncRequest("t", Set.of())), new DeleteGuard(100, Optional.empty()));
        node = engine.node(TestingEngine.plan(plan));
        node.turnsUntil(() -> node.snapshot()
                .resync()
                .orElse(ResyncProgress.NONE)
                .handled()
                .filter("t"::equals)
                .isPresent());
        assertThat(engine.database.content()).as("its list shows it").isEqualTo(engine.ledger.truth());
        assertThat(message()).contains("row k12 ");
        engine.clock.advance(Duration.ofMinutes(2));
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
    }

    @Test
    void theyAreAskedForAgainAfterAllWasOpenedAgain() throws Exception {
        engine.source.pageSize = 40;
        refuse(SourceProblem.UNEXPECTED_ANSWER, "k12");
        put("second", 10, 16);
        node.turnsUntil(() -> message().contains("row k12 "));
        int opened = engine.source.opened.get();
        engine.database.faults = point -> {
            if (point.startsWith("commit ")) {
                throw new PostgresException(Problem.of(PostgresProblem.CONNECTION_LOST, "away"), "08006", null);
            }
        };
        engine.ledger.put("b", "k11", "\"b2\"");
        node.turnsUntil(() -> engine.source.opened.get() > opened);
        engine.database.faults = Faults.NONE;
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
    }

    /** More than a group is asked for one by one: nothing tells whether they or their table is at fault. */
    @ParameterizedTest
    @EnumSource(
            value = SourceProblem.class,
            names = {"UNEXPECTED_ANSWER", "UNAVAILABLE", "UNREACHABLE"})
    void whereSeveralInARowCantBeHadOtherTablesGoOn(SourceProblem code) throws Exception {
        engine.fetchGroup = 10;
        engine.source.pageSize = 40;
        node = engine.node();
        refuse(code, "k12", "k13", "k14");
        put("second", 12, 22);
        engine.ledger.put("b", "k11", "\"b2\"");
        node.turnsUntil(() -> engine.database.rowsOf("b").containsKey("k11"));
        node.turnsUntil(() -> node.table("a").state() == TableState.FAILING);
        assertThat(node.table("a").problem()).map(Problem::code).contains(code);
        assertThat(node.table("b").state()).isEqualTo(TableState.LIVE);
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> node.table("a").state() == TableState.LIVE);
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @ParameterizedTest
    @EnumSource(
            value = SourceProblem.class,
            names = {"UNEXPECTED_ANSWER", "UNAVAILABLE"})
    void severalAtTheHeadOfAGroupKeepNoOtherOfTheirTable(SourceProblem code) throws Exception {
        engine.fetchGroup = 10;
        engine.source.pageSize = 40;
        node = engine.node();
        refuse(code, "k12", "k13", "k14");
        put("second", 12, 22);
        node.turnsUntil(() -> holding("second") == 7);
        engine.source.faults = Faults.NONE;
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(node.table("a").state()).isEqualTo(TableState.LIVE);
    }
}
