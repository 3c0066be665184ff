package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.app.HeapReturn.Last;
import io.sequin.app.HeapReturn.Reading;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeapReturnTest {
    private static final long MB = 1_000_000;

    @Test
    void aQuietProcessThatNeverCollectedDoes() {
        assertThat(HeapReturn.isDue(at(5, 100 * MB), at(6, 100 * MB), new Last(0, 1, true)))
                .isTrue();
    }

    @Test
    void atWorkNothingIsCollected() {
        assertThat(HeapReturn.isDue(at(5, 100 * MB), at(10, 100 * MB), new Last(0, 1, true)))
                .isFalse();
    }

    @Test
    void aHeapThatHasHardlyGrownSinceIsLeftAlone() {
        var last = new Last(40 * MB, 1, false);

        assertThat(HeapReturn.isDue(at(5, 48 * MB), at(6, 48 * MB), last)).isFalse();
        assertThat(HeapReturn.isDue(at(5, 52 * MB), at(6, 52 * MB), last)).isTrue();
    }

    @Test
    void twoMinutesLaterItCollectsOnceMoreWhatWasStillInUseThen() {
        Reading quiet = at(5, 40 * MB);

        assertThat(HeapReturn.isDue(quiet, quiet, new Last(40 * MB, 5, false))).isFalse();
        assertThat(HeapReturn.isDue(quiet, quiet, new Last(40 * MB, 6, false))).isTrue();
        assertThat(HeapReturn.isDue(quiet, at(10, 40 * MB), new Last(40 * MB, 6, false)))
                .isFalse();
        assertThat(HeapReturn.isDue(quiet, quiet, new Last(40 * MB, 100, true))).isFalse();
    }

    @Test
    void twoCollectionsAreEnoughUntilThereIsWorkAgain() {
        var readings = new ArrayDeque<Reading>();
        readings.add(at(1, 100 * MB)); // at the start
        readings.addAll(List.of(at(2, 100 * MB), at(2, 40 * MB))); // quiet: collect; after it
        readings.addAll(Collections.nCopies(5, at(3, 40 * MB))); // still quiet
        readings.addAll(List.of(at(3, 40 * MB), at(3, 30 * MB))); // once more
        readings.addAll(Collections.nCopies(20, at(3, 30 * MB))); // still quiet
        readings.add(at(15, 100 * MB)); // at work
        readings.addAll(List.of(at(16, 100 * MB), at(16, 41 * MB))); // quiet again: collect
        var collections = new AtomicInteger();
        var seen = new ArrayList<Integer>();

        try (ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
                HeapReturn heap = new HeapReturn(ticker, readings::remove, collections::incrementAndGet)) {
            while (!readings.isEmpty()) {
                heap.look();
                seen.add(collections.get());
            }
        }

        assertThat(seen).startsWith(1, 1, 1, 1, 1, 1, 2).endsWith(2, 2, 3);
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
