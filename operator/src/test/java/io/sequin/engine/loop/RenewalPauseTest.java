package io.sequin.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long an idle Sync waits before it renews its claim. */
class RenewalPauseTest {
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    @Test
    void itIsNeverLongerThanTheIntervalAndManyAreSpread() {
        Random random = new Random(7);
        List<Duration> pauses = Stream.generate(() -> Renewal.pause(INTERVAL, random.nextDouble()))
                .limit(1_000)
                .toList();
        assertThat(pauses)
                .allMatch(pause -> pause.compareTo(INTERVAL) <= 0)
                .allMatch(pause -> pause.compareTo(INTERVAL.dividedBy(2)) > 0);
        assertThat(pauses.stream().map(Duration::toSeconds).distinct().count()).isGreaterThan(100);
    }
}
