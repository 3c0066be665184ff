package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two tables that have a tail each beside the events, which tell of them too. */
@Timeout(60)
class SharedTablesTest {
    private static final String EVENTS = "read events";
    private static final String R = "read refresh:r";
    private static final String S = "read refresh:s";

    private final TestingEngine engine = new TestingEngine("a", "r", "s");
    private final TestingEngine.Node node = engine.node();
    private final List<String> turns = new CopyOnWriteArrayList<>();

    @BeforeEach
    void fill() throws InterruptedException {
        engine.source.refreshed = Set.of("r", "s");
        engine.source.shared = true;
        engine.source.every = Duration.ofMinutes(10);
        for (String table : engine.ledger.tablesInOrder()) {
            engine.ledger.put(table, "k10", "\"first\"");
        }
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void aLongWalkGivesWayToTheEventsAndGoesOnAfterThemLongBeforeItsNextTime() throws Exception {
        engine.source.faults = point -> walkOn(point, Set.of(R), 3);
        engine.clock.advance(Duration.ofMinutes(11));
        node.turn();
        node.turnsUntil(() -> polls() >= 3);
        List<String> noted = List.copyOf(turns);
        assertThat(noted.subList(noted.indexOf(R), noted.size())).startsWith(R, EVENTS, R, EVENTS, R);
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void severalLongWalksGiveWayTogether() throws Exception {
        engine.source.faults = point -> walkOn(point, Set.of(R, S), 3);
        engine.clock.advance(Duration.ofMinutes(11));
        node.turnsUntil(() -> polls() >= 3);
        assertThat(turns).contains(R, S);
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
    }

    @Test
    void rowsThatCouldNotBeCommittedAreReadAnewSinceTheEventsMayHaveBroughtNewerOnes() throws Exception {
        engine.ledger.put("r", "k10", "\"old\"");
        engine.ledger.put("r", "k11", "\"gone\"");
        AtomicBoolean refused = new AtomicBoolean();
        engine.database.faults = point -> {
            if (point.equals("commit refresh:r") && refused.compareAndSet(false, true)) {
                engine.ledger.put("r", "k10", "\"new\"");
                engine.ledger.delete("r", "k11");
                engine.clock.advance(Duration.ofMinutes(1));
                throw MemoryDatabase.failure(PostgresProblem.LOCK_TIMEOUT);
            }
        };
        engine.clock.advance(Duration.ofMinutes(11));
        node.turnsUntil(refused::get);
        int before = engine.database.commits.size();
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        node.turns(5);
        assertThat(committed(LedgerSource.refreshOf("r"), before)).noneMatch(c -> c.contains("old"));
        assertThat(committed(LedgerSource.refreshOf("r"), before)).noneMatch(c -> c.contains("gone"));
    }

    @Test
    void aRowThatWasFetchedInVainIsFetchedAnewOnceAnotherTailHasWrittenItsTable() throws Exception {
        engine.ledger.put("r", "k10", "\"old\"");
        engine.ledger.put("a", "k10", "\"other\"");
        AtomicBoolean failed = new AtomicBoolean();
        AtomicBoolean newer = new AtomicBoolean();
        engine.source.faults = point -> {
            if (point.equals("fetch a") && !failed.get()) {
                awaitFetched("r");
                engine.clock.advance(Duration.ofMinutes(11));
                failed.set(true);
                throw new SourceException(Problem.of(SourceProblem.UNREACHABLE, "cut"));
            }
            if (point.equals(R) && failed.get() && newer.compareAndSet(false, true)) {
                engine.ledger.put("r", "k10", "\"new\"");
            }
        };
        node.turnsUntil(failed::get);
        int before = engine.database.commits.size();
        node.turnsUntil(newer::get);
        node.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        assertThat(committed(LedgerSource.EVENTS, before)).noneMatch(c -> c.contains("old"));
    }

    /** Notes whose turn it is; more comes for these walks until the events had their turns. */
    private void walkOn(String point, Set<String> endless, int untilPolls) {
        boolean noted = point.equals(EVENTS) || endless.contains(point);
        if (noted && (turns.isEmpty() || !turns.getLast().equals(point))) {
            turns.add(point);
        }
        if (endless.contains(point) && polls() < untilPolls) {
            String table = point.substring(point.indexOf(':') + 1);
            for (int i = 0; i < engine.source.pageSize; i++) {
                engine.ledger.put(table, "k1" + i, "\"turn " + turns.size() + "\"");
            }
            engine.clock.advance(Duration.ofSeconds(1));
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private long polls() {
        // lanes note their turns meanwhile
        List<String> noted = List.copyOf(turns);
        int walk = noted.indexOf(R);
        return walk < 0
                ? 0
                : noted.subList(walk, noted.size()).stream()
                        .filter(EVENTS::equals)
                        .count();
    }

    private void awaitFetched(String table) {
        while (engine.source.fetched.stream().noneMatch(hint -> hint.table().equals(table))) {
            Thread.onSpinWait();
        }
    }

    /** The changes of one lane's commits after so many of all. */
    private List<String> committed(LaneId lane, int after) {
        return engine.database.commits.stream()
                .skip(after)
                .filter(batch -> batch.lane().equals(lane))
                .flatMap(batch -> batch.changes().stream())
                .map(change -> change instanceof Change.Upsert row
                        ? change.key() + " " + row.object().text()
                        : change.toString())
                .toList();
    }
}
