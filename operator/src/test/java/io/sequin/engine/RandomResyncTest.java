package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Re-syncs while rows change, are deleted, are created again, move between parents, vanish without an event and leave
 * their list though they are there, while
 * everything fails, processes take over from each other and the database loses what was met: no row is deleted that was
 * there all the time, every row follows its changes, and in the end the tables hold what the source holds.
 */
class RandomResyncTest {
    private static final List<String> TABLES = List.of("a", "b", "b_line", "d", "p");
    private static final String CHILD = "b_line";
    private static final String REFRESHED = "d";
    /** Its list leaves some rows out, once they have changed. */
    private static final String PARTIAL = "p";

    private static final int SEEDS = 60;

    static List<Long> seeds() {
        return Seeds.some(RandomResyncTest.class, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}: rerun with -Dseed={0}")
    @MethodSource("seeds")
    void contentEqualsTheTruthAndNoLiveRowWasDeleted(long seed) throws Exception {
        World world = new World(seed);
        world.play();
        assertThat(world.wrong).as("rows deleted that were there all the time").isEmpty();
        assertThat(world.engine.database.content()).isEqualTo(world.engine.ledger.truth());
        assertThat(world.engine.budget.available()).isEqualTo(ByteBudget.DEFAULT);
    }

    static final class World {
        final SeededThreads threads;
        final TestingEngine engine = new TestingEngine(new Ledger("a", "b", REFRESHED, PARTIAL).with(CHILD, "b"));
        final List<String> wrong = new CopyOnWriteArrayList<>();
        final Random random;
        final AtomicInteger counter = new AtomicInteger();
        TestingEngine.Node node;
        volatile boolean stormy;
        int token;

        World(long seed) {
            threads = new SeededThreads(seed);
            random = new Random(seed);
            engine.listening = SeededThreads.NEVER;
            // with so few what hints lead to comes in pieces
            engine.pageBytes = random.nextBoolean() ? 300 : engine.pageBytes;
            engine.source.refreshed = Set.of(REFRESHED);
            engine.source.asked = Set.of(PARTIAL, "b", CHILD);
            engine.source.unlisted = value -> value.startsWith("\"hidden");
            for (int i = 0; i < 60; i++) {
                mutate();
            }
            engine.source.unsafe = n -> random.nextInt(4) == 0;
            engine.source.answers = point -> threads.pass(point + " answered");
            engine.source.faults = this::atSource;
            engine.database.faults = this::atDatabase;
            engine.database.answers = point -> threads.pass(point + " answered");
            engine.database.passes.now = engine.ledger::lastEvent;
            engine.database.passes.deleted = (since, table, id) -> {
                if (engine.ledger.isThereSince(since, table, id)) {
                    wrong.add(table + " " + id + " is there since " + since);
                }
            };
            node = engine.node();
        }

        /** All of it. */
        void play() throws Exception {
            threads.run(() -> {
                fill();
                run(40);
                calm();
                assertThat(missing())
                        .as("rows that are not what the source holds")
                        .isEmpty();
                finish();
            });
        }

        private void fill() throws InterruptedException {
            node.turnsUntil(this::isLive);
            stormy = true;
        }

        private void run(int steps) throws InterruptedException {
            node = asking(random.nextInt(3) == 0 ? Set.of("a", CHILD) : Set.of());
            for (int i = 0; i < steps; i++) {
                if (random.nextInt(10) == 0) {
                    // another process; the one before keeps its memory, and only the fence can stop it
                    node = engine.node(TestingEngine.plan(plan(Set.of())));
                }
                if (random.nextInt(15) == 0) {
                    node = asking(Set.of(TABLES.get(random.nextInt(TABLES.size()))));
                }
                if (random.nextInt(10) == 0) {
                    synchronized (engine.database) {
                        engine.database.passes.loseKeys();
                    }
                }
                if (random.nextInt(25) == 0) {
                    // no list would bring back what the last one had
                    engine.database.drop(TABLES.get(random.nextInt(TABLES.size() - 1)));
                }
                node.turn();
                if (random.nextInt(10) == 0) {
                    node.loop.woken();
                }
            }
        }

        /** Nothing more happens or fails, and all changes are followed. */
        private void calm() throws InterruptedException {
            stormy = false;
            node = engine.node(TestingEngine.plan(ResyncPlan.NONE));
            node.turnsUntil(() -> isLive() && isFollowed());
        }

        /** What vanished without an event may be left, but what is there is as at the source. */
        private List<String> missing() {
            Map<String, Map<String, String>> content = engine.database.content();
            return engine.ledger.truth().entrySet().stream()
                    .flatMap(table -> table.getValue().entrySet().stream()
                            .filter(row -> !row.getValue()
                                    .equals(content.getOrDefault(table.getKey(), Map.of())
                                            .get(row.getKey())))
                            .map(row -> table.getKey() + " " + row))
                    .toList();
        }

        /** What vanished is found by one more re-sync. */
        private void finish() throws InterruptedException {
            node = asking(Set.of());
            String last = Integer.toString(token);
            node.turnsUntil(() -> isLive()
                    && node.snapshot()
                            .resync()
                            .flatMap(ResyncProgress::handled)
                            .filter(last::equals)
                            .isPresent()
                    && isFollowed());
            node.loop.close(StopReason.SHUTDOWN);
        }

        private TestingEngine.Node asking(Set<String> tables) {
            token++;
            return engine.node(TestingEngine.plan(plan(tables)));
        }

        private ResyncPlan plan(Set<String> tables) {
            return new ResyncPlan(
                    Optional.of(new ResyncRequest(Integer.toString(token), tables)),
                    new DeleteGuard(100, Optional.empty()));
        }

        private boolean isLive() {
            return node.snapshot().tables().size() == TABLES.size()
                    && node.snapshot().tables().stream().allMatch(t -> t.state() == TableState.LIVE);
        }

        private boolean isFollowed() {
            return isAt(LedgerSource.EVENTS.value()) && isAt("refresh:" + REFRESHED);
        }

        private boolean isAt(String lane) {
            return engine.database
                    .laneState(new io.sequin.data.LaneId(lane))
                    .map(s -> LedgerSource.value(s.checkpoint()))
                    .filter(Integer.toString(engine.ledger.lastEvent())::equals)
                    .isPresent();
        }

        private void mutate() {
            String table = TABLES.get(random.nextInt(TABLES.size()));
            String key = "k" + (10 + random.nextInt(30)); // two digits: the order of text is that of numbers
            int what = random.nextInt(12);
            if (what < 2 && stormy && !table.equals(CHILD)) {
                engine.ledger.vanish(table, key);
            } else if (what < 4 && !table.equals(REFRESHED)) {
                delete(table, key);
            } else if (table.equals(CHILD)) {
                String parent = "k" + (10 + random.nextInt(30));
                engine.ledger.putChild(CHILD, parent, key, value());
            } else {
                boolean hidden = stormy && table.equals(PARTIAL) && random.nextBoolean();
                engine.ledger.put(table, key, hidden ? value().replace("v", "hidden ") : value());
            }
        }

        private String value() {
            return "\"v" + counter.incrementAndGet() + "\"";
        }

        private void delete(String table, String key) {
            if (table.equals(CHILD)) {
                engine.ledger.deleteChild(CHILD, key);
            } else {
                engine.ledger.delete(table, key);
            }
        }

        private void atSource(String point) {
            threads.pass(point);
            if (!stormy) {
                return;
            }
            if (random.nextInt(2) == 0) {
                mutate();
            }
            if (random.nextInt(20) == 0) {
                Set<String> own = new TreeSet<>(TABLES);
                own.retainAll(Set.of(point.substring(Math.max(point.indexOf(' '), point.indexOf(':')) + 1)));
                throw new SourceException(
                        Problem.of(SourceProblem.UNAVAILABLE, "as the test wants"),
                        own.stream().findFirst().orElse(null),
                        null);
            }
        }

        private void atDatabase(String point) {
            threads.pass(point);
            if (!stormy) {
                return;
            }
            if (random.nextInt(20) == 0) {
                throw MemoryDatabase.failure(
                        random.nextBoolean() ? PostgresProblem.CONNECTION_LOST : PostgresProblem.CONNECTION_REFUSED);
            }
        }
    }
}
