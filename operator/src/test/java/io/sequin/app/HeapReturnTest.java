package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.app.HeapReturn.Reading;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeapReturnTest {
    private static final long MB = 1_000_000;

    @Test
    void aQuietProcessThatNeverCollectedDoes() {
        assertThat(HeapReturn.isDue(at(5, 100 * MB), at(6, 100 * MB), 0)).isTrue();
    }

    @Test
    void atWorkNothingIsCollected() {
        assertThat(HeapReturn.isDue(at(5, 100 * MB), at(10, 100 * MB), 0)).isFalse();
    }

    @Test
    void aHeapThatHasHardlyGrownSinceIsLeftAlone() {
        assertThat(HeapReturn.isDue(at(5, 48 * MB), at(6, 48 * MB), 40 * MB)).isFalse();
        assertThat(HeapReturn.isDue(at(5, 52 * MB), at(6, 52 * MB), 40 * MB)).isTrue();
    }

    @Test
    void oneCollectionIsEnoughUntilThereIsWorkAgain() {
        var readings = new ArrayDeque<>(List.of(
                at(1, 100 * MB), // at the start
                at(2, 100 * MB), // quiet: collect
                at(2, 40 * MB), // after it
                at(3, 40 * MB), // still quiet
                at(15, 100 * MB), // at work
                at(16, 100 * MB), // quiet again: collect
                at(16, 41 * MB)));
        var collections = new AtomicInteger();

        try (ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
                HeapReturn heap = new HeapReturn(ticker, readings::remove, collections::incrementAndGet)) {
            heap.look();
            assertThat(collections).hasValue(1);
            heap.look();
            heap.look();
            assertThat(collections).hasValue(1);
            heap.look();
            assertThat(collections).hasValue(2);
        }
    }

    @Test
    void theProcessCanBeRead() {
        assertThat(Reading.now().committed()).isPositive();
        assertThat(Reading.now().cpu()).isPositive();
    }

    private static Reading at(int cpuSeconds, long committed) {
        return new Reading(Duration.ofSeconds(cpuSeconds), committed);
    }
}
