package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A seed repeats its run: a failure that a random test of the engine finds is found again by it. */
@Timeout(120)
class SeededRunTest {
    /** A run of some random test. */
    private interface Run {
        SeededRun by(long seed) throws Exception;
    }

    static List<Long> seeds() {
        return Seeds.some(SeededRunTest.class, 4);
    }

    @ParameterizedTest(name = "seed {0}: rerun with -Dseed={0}")
    @MethodSource("seeds")
    void aSeedRepeatsItsRunOfTheSchedule(long seed) throws Exception {
        assertRepeats(SeededRun::ofSchedule, seed);
    }

    @ParameterizedTest(name = "seed {0}: rerun with -Dseed={0}")
    @MethodSource("seeds")
    void aSeedRepeatsItsRunOfTheResync(long seed) throws Exception {
        assertRepeats(SeededRun::ofResync, seed);
    }

    @Test
    void anotherSeedMakesAnotherRun() throws Exception {
        assertThat(SeededRun.ofSchedule(1).points())
                .isNotEqualTo(SeededRun.ofSchedule(2).points());
        assertThat(SeededRun.ofResync(1).points())
                .isNotEqualTo(SeededRun.ofResync(2).points());
    }

    @Test
    void aSeedLetsThreadsOvertakeEachOther() throws Exception {
        assertThat(order(1))
                .isEqualTo(order(1))
                .containsExactlyInAnyOrderElementsOf(order(2))
                .isNotEqualTo(order(2));
    }

    /** A run that waited for others, as where they log at the same moment, says nothing of the seed. */
    private static void assertRepeats(Run run, long seed) throws Exception {
        SeededRun one = run.by(seed);
        SeededRun other = run.by(seed);
        for (int i = 0; i < 5 && one.wokenOutside() + other.wokenOutside() > 0; i++) {
            one = run.by(seed);
            other = run.by(seed);
        }
        assertThat(other).isEqualTo(one);
        assertThat(one.commits()).isPositive();
        assertThat(one.reads()).isPositive();
    }

    private static List<String> order(long seed) throws Exception {
        List<String> order = new ArrayList<>();
        SeededThreads threads = new SeededThreads(seed);
        threads.run(() -> {
            List<Thread> all = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                all.add(Thread.ofVirtual().name(name).start(() -> {
                    for (int i = 0; i < 20; i++) {
                        threads.pass("" + i);
                        order.add(name + i);
                    }
                }));
            }
            for (Thread thread : all) {
                thread.join();
            }
        });
        return order;
    }
}
