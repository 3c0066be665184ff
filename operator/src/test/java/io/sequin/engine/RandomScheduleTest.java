package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever fails at whatever moment, whoever takes over: in the end the tables hold what the source holds, and nothing
 * that was committed is read again.
 */
@Timeout(120)
class RandomScheduleTest {
    /** The third holds the children of the second, one lane fills both; the last has a tail of its own, at times beside the events. */
    private static final List<String> TABLES = List.of("a", "b", "b_line", "c", "d");

    private static final String CHILD = "b_line";
    private static final String REFRESHED = "d";
    private static final int SEEDS = 60;

    static List<Long> seeds() {
        return Seeds.some(RandomScheduleTest.class, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}: rerun with -Dseed={0}")
    @MethodSource("seeds")
    void contentEqualsTheTruthInTheEnd(long seed) throws Exception {
        World world = new World(seed);
        world.play();
        assertThat(world.engine.database.content()).as(() -> world.history()).isEqualTo(world.engine.ledger.truth());
        assertThat(world.readAgain).as("reads of what was committed").isEmpty();
        assertThat(world.engine.database.openSessions()).isZero();
        assertThat(world.engine.budget.available()).isEqualTo(ByteBudget.DEFAULT);
    }

    /** A source that changes while it is read, failures everywhere, several processes that each believe to lead. */
    static final class World {
        final SeededThreads threads;
        final TestingEngine engine = new TestingEngine(new Ledger("a", "b", "c", REFRESHED).with(CHILD, "b"));
        final List<TestingEngine.Node> nodes = new ArrayList<>();
        final List<String> readAgain = new CopyOnWriteArrayList<>();
        final Random random;
        final AtomicInteger counter = new AtomicInteger();
        volatile boolean stormy = true;

        World(long seed) {
            threads = new SeededThreads(seed);
            random = new Random(seed);
            engine.listening = SeededThreads.NEVER;
            // with so few what hints lead to comes in pieces
            engine.pageBytes = random.nextBoolean() ? 300 : engine.pageBytes;
            engine.dirtyKeys = 1 + random.nextInt(20);
            engine.source.refreshed = Set.of(REFRESHED);
            engine.source.every = Duration.ofMinutes(random.nextInt(3));
            engine.source.shared = random.nextBoolean();
            for (int i = 0; i < 30; i++) {
                mutate();
            }
            engine.source.answers = point -> threads.pass(point + " answered");
            engine.source.unsafe = n -> random.nextInt(4) == 0;
            engine.source.faults = this::atSource;
            engine.database.faults = this::atDatabase;
            engine.database.answers = point -> threads.pass(point + " answered");
            nodes.add(engine.node());
        }

        /** All of it. */
        void play() throws Exception {
            threads.run(() -> {
                run(40);
                calm();
                finish();
                nodes.forEach(node -> node.loop.close(StopReason.SHUTDOWN));
            });
        }

        private void run(int steps) throws InterruptedException {
            TestingEngine.Node node = nodes.getFirst();
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(8) == 0 && nodes.size() < 3) {
                    // the earlier one keeps its permit and its memory: only the fence can stop it
                    nodes.add(engine.node());
                }
                if (random.nextInt(4) == 0) {
                    node = nodes.get(random.nextInt(nodes.size()));
                }
                if (random.nextInt(10) == 0) {
                    node.permit.set(false);
                }
                if (random.nextInt(20) == 0) {
                    engine.database.drop(table());
                }
                engine.database.foreign = random.nextInt(5) == 0 ? Set.of(table()) : Set.of();
                engine.database.refusingDeletes = random.nextInt(5) == 0 ? Set.of(table()) : Set.of();
                node.turn();
                node.permit.set(true);
                if (random.nextInt(10) == 0) {
                    node.loop.woken();
                }
            }
        }

        private void calm() {
            stormy = false;
            engine.database.foreign = Set.of();
            engine.database.refusingDeletes = Set.of();
            engine.ledger
                    .truth()
                    .forEach((table, rows) -> rows.forEach((key, value) -> {
                        if (value.contains(MemoryDatabase.HOSTILE) && table.equals(CHILD)) {
                            engine.ledger.deleteChild(CHILD, key);
                        } else if (value.contains(MemoryDatabase.HOSTILE)) {
                            engine.ledger.put(table, key, "\"mended\"");
                        }
                    }));
        }

        private void finish() throws InterruptedException {
            if (!engine.database.content().keySet().containsAll(TABLES)) {
                // a table that somebody dropped is missed by whoever writes to it or opens the schema
                nodes.add(engine.node());
            }
            TestingEngine.Node node = nodes.getLast();
            node.turnsUntil(() -> node.snapshot().tables().size() == TABLES.size()
                    && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE)
                    && tailIsAt(LedgerSource.EVENTS, engine.ledger.lastEvent())
                    && tailIsAt(LedgerSource.refreshOf(REFRESHED), engine.ledger.lastEvent()));
        }

        /** The commits that say something of rows that differ, and all that move a table or lane. */
        String history() {
            Map<String, Map<String, String>> truth = engine.ledger.truth();
            Set<RowKey> wrong = new HashSet<>();
            engine.database.content().forEach((table, rows) -> {
                Map<String, String> right = truth.getOrDefault(table, Map.of());
                Stream.concat(rows.keySet().stream(), right.keySet().stream())
                        .filter(key -> !Objects.equals(rows.get(key), right.get(key)))
                        .forEach(key -> wrong.add(RowKey.of(key)));
            });
            return engine.database.commits.stream()
                    .map(batch -> batch.lane() + " " + batch.seq() + " to " + batch.after() + " " + batch.phases() + " "
                            + batch.resets() + " " + batch.dirty() + " "
                            + batch.changes().stream()
                                    .filter(c -> wrong.contains(c.key()))
                                    .toList())
                    .collect(Collectors.joining(
                            "\n",
                            "rows " + wrong + " differ after\n",
                            "\nstill dirty: " + engine.database.dirty.counts() + "\n"));
        }

        private boolean tailIsAt(LaneId tail, int event) {
            return engine.database
                    .laneState(tail)
                    .map(s -> LedgerSource.value(s.checkpoint()))
                    .filter(Integer.toString(event)::equals)
                    .isPresent();
        }

        private String table() {
            return TABLES.get(random.nextInt(TABLES.size()));
        }

        private void mutate() {
            String table = table();
            String key = "k" + (10 + random.nextInt(40)); // two digits: the order of text is that of numbers
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> delete(table, key);
                case 3 -> put(table, key, "\"" + MemoryDatabase.HOSTILE + random.nextInt(3) + "\"");
                default -> put(table, key, "\"v" + counter.incrementAndGet() + "\"");
            }
        }

        /** A child gets any parent, which may not be there: it may move. */
        private void put(String table, String key, String value) {
            if (table.equals(CHILD)) {
                engine.ledger.putChild(CHILD, "k" + (10 + random.nextInt(40)), key, value);
            } else {
                engine.ledger.put(table, key, value);
            }
        }

        private void delete(String table, String key) {
            if (table.equals(CHILD)) {
                engine.ledger.deleteChild(CHILD, key);
            } else if (table.equals(REFRESHED)) {
                put(table, key, "\"final\"");
            } else {
                engine.ledger.delete(table, key);
            }
        }

        private void atSource(String point) {
            if (point.startsWith("read ")) {
                checkNotReadAgain(new LaneId(point.substring(5)));
            }
            threads.pass(point);
            if (!stormy) {
                return;
            }
            if (random.nextInt(2) == 0) {
                mutate();
            }
            if (random.nextInt(15) == 0) {
                throw sourceFailure(point);
            }
        }

        private SourceException sourceFailure(String point) {
            String table = point.startsWith("fetch ") || point.startsWith("list ")
                    ? point.substring(point.indexOf(' ') + 1)
                    : point.startsWith("read backfill:") || point.startsWith("read refresh:")
                            ? point.substring(point.indexOf(':') + 1)
                            : null;
            return switch (random.nextInt(5)) {
                case 0 -> failure(SourceProblem.AUTHENTICATION_FAILED, null);
                case 1 ->
                    new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "slow down")
                            .retryingAt(engine.clock.instant().plusSeconds(random.nextInt(100))));
                case 2 -> failure(SourceProblem.PERMISSION_DENIED, table);
                case 3 -> failure(SourceProblem.UNAVAILABLE, table);
                default -> failure(SourceProblem.UNREACHABLE, null);
            };
        }

        private static SourceException failure(SourceProblem code, @Nullable String table) {
            return new SourceException(Problem.of(code, "as the test wants"), table, null);
        }

        private void atDatabase(String point) {
            threads.pass(point);
            if (!stormy || random.nextInt(12) != 0) {
                return;
            }
            if (point.equals("take") && random.nextInt(3) == 0) {
                throw MemoryDatabase.failure(PostgresProblem.MISSING_GRANTS);
            }
            throw MemoryDatabase.failure(
                    random.nextBoolean() ? PostgresProblem.CONNECTION_LOST : PostgresProblem.CONNECTION_REFUSED);
        }

        /** The newest read must begin where the lane was committed, or behind that. */
        private void checkNotReadAgain(LaneId lane) {
            LedgerSource.Read read = engine.source.reads.stream()
                    .filter(r -> r.lane().equals(lane))
                    .reduce((x, y) -> y)
                    .orElseThrow();
            // a lane is forgotten with its table; only with one process nobody else moves it meanwhile
            engine.database.laneState(lane).filter(c -> nodes.size() == 1).ifPresent(committed -> {
                String at = LedgerSource.value(committed.checkpoint());
                if (order(lane, LedgerSource.value(read.from())) < order(lane, at)) {
                    readAgain.add(read + " although " + at + " is committed");
                }
            });
        }

        private static int order(LaneId lane, String value) {
            if (lane.equals(LedgerSource.EVENTS) || lane.equals(LedgerSource.refreshOf(REFRESHED))) {
                return Integer.parseInt(value);
            }
            return value.isEmpty() ? -1 : Integer.parseInt(value.substring(1));
        }
    }
}
