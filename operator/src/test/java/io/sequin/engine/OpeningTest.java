package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.AccountId;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.Scope;
import io.sequin.data.TableSelection;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What opening a Sync finds, and what it then says. */
class OpeningTest {
    @Test
    void aKeyOfAnotherAccountIsTheSourcesTroubleAndNothingIsWritten() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a");
        TestingEngine.Node first = engine.node();
        first.turn();
        first.turnsUntil(() -> first.table("a").state() == TableState.LIVE);
        int commits = engine.database.commits.size();
        int takes = engine.database.takes();

        engine.source.account = new AccountId("acct_2");
        TestingEngine.Node second = engine.node();
        second.turn();

        assertThat(second.snapshot().source()).map(Problem::code).contains(SourceProblem.ACCOUNT_CHANGED);
        assertThat(second.snapshot().schema()).isEmpty();
        assertThat(second.snapshot().destination()).isEmpty();
        assertThat(engine.database.takes()).isEqualTo(takes);
        assertThat(engine.database.commits).hasSize(commits);
    }

    @Test
    void aTableThatBeginsAnewIsFollowedAnewByTheTailThatBringsItsRows() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a", "r");
        engine.source.refreshed = Set.of("r");
        engine.source.since = Map.of("r", new Scope.Since("created", Instant.parse("2024-01-01T00:00:00Z")));
        TestingEngine.Node first = engine.node();
        first.turnsUntil(() -> first.table("r").state() == TableState.LIVE);
        engine.ledger.put("a", "k10", "\"a\"");
        engine.ledger.put("r", "k10", "\"r\"");
        first.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        first.loop.close(StopReason.SHUTDOWN);
        long events = commits(engine, LedgerSource.EVENTS);
        assertThat(commits(engine, LedgerSource.refreshOf("r"))).isPositive();

        engine.source.since = Map.of("r", new Scope.Since("created", Instant.parse("2020-01-01T00:00:00Z")));
        TestingEngine.Node second = engine.node();
        second.turnsUntil(() -> second.table("r").state() == TableState.LIVE);

        assertThat(commits(engine, LedgerSource.refreshOf("r"))).isZero();
        assertThat(commits(engine, LedgerSource.EVENTS)).isEqualTo(events);
    }

    @Test
    void eventsBeginAnewWithTheirTablesWhereTheyFollowedNoneMeanwhile() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a", "r");
        engine.source.refreshed = Set.of("r");
        engine.ledger.put("a", "k10", "\"a\"");
        run(engine, TableSelection.ALL);
        run(engine, new TableSelection(Set.of("r"), Set.of()));
        engine.ledger.put("a", "k11", "\"a\"");
        int before = engine.source.reads.size();

        run(engine, TableSelection.ALL);

        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        assertThat(engine.source.reads.stream()
                        .skip(before)
                        .filter(read -> read.lane().equals(LedgerSource.EVENTS))
                        .map(read -> LedgerSource.value(read.from())))
                .isNotEmpty()
                .allMatch(Integer.toString(engine.ledger.lastEvent())::equals);
    }

    @Test
    void eventsGoOnWhereTheyWereForTheTablesThatAreFilled() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a", "b");
        run(engine, TableSelection.ALL);
        run(engine, new TableSelection(Set.of("a"), Set.of()));
        engine.ledger.put("a", "k11", "\"a\"");

        run(engine, TableSelection.ALL);

        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
    }

    @Test
    void aTableThatIsNotOursAnyMoreIsToldAsFullAsItWas() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a", "b");
        engine.ledger.put("a", "k10", "\"a\"");
        run(engine, TableSelection.ALL);
        engine.database.faults = point -> {
            if (point.equals("ensure a")) {
                throw new TableException(
                        "a", Problem.of(PostgresProblem.TABLE_CONFLICT, "of another role"), null, null);
            }
        };

        TestingEngine.Node node = engine.node();
        node.turns(2);

        TableProgress told = node.table("a");
        assertThat(told.state()).isEqualTo(TableState.FAILING);
        assertThat(told.firstPassDone()).isTrue();
        assertThat(told.rows()).isEqualTo(1);
    }

    private static void run(TestingEngine engine, TableSelection tables) throws InterruptedException {
        TestingEngine.Node node = engine.node(tables);
        node.turnsUntil(() -> node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE));
        node.turns(2);
        node.loop.close(StopReason.SHUTDOWN);
    }

    private static long commits(TestingEngine engine, LaneId lane) {
        return engine.database.laneState(lane).orElseThrow().seq();
    }

    @Test
    void aRemovedSyncThatIsNotOpenLetsGoOfItsSchemaAllTheSame() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a");
        engine.source.faults = point -> {
            throw new SourceException(Problem.of(SourceProblem.AUTHENTICATION_FAILED, "revoked"));
        };
        TestingEngine.Node node = engine.node();
        node.turn();
        node.loop.close(StopReason.REMOVED);
        assertThat(engine.database.released()).isEqualTo(1);
        assertThat(engine.database.openSessions()).isZero();
    }

    @Test
    void aWakeReadsTheDestinationsCredentialsAgainInTheNextTurnAndUntilItSucceeds() throws InterruptedException {
        TestingEngine engine = new TestingEngine("a");
        TestingEngine.Node node = engine.node();
        node.turns(3);
        assertThat(engine.database.refreshed()).isZero();
        engine.database.faults = point -> {
            if (point.equals("refresh")) {
                throw MemoryDatabase.failure(PostgresProblem.CONNECTION_LOST);
            }
        };
        node.loop.woken();
        node.turn();
        assertThat(node.snapshot().destination()).isEmpty();
        engine.database.faults = Faults.NONE;
        node.turns(3);
        assertThat(engine.database.refreshed()).isEqualTo(1);
        assertThat(engine.database.takes()).isEqualTo(1);
    }
}
