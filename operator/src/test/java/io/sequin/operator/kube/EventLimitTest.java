package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventLimitTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final EventLimit limit = new EventLimit();

    private long taken(String uid, Instant at, int tries) {
        return IntStream.range(0, tries).filter(i -> limit.take(uid, at)).count();
    }

    @Test
    void aStormIsCutAndComesBackOneByOne() {
        assertThat(taken("a", NOW, 100)).isEqualTo(EventLimit.BURST);
        assertThat(taken("a", NOW.plus(EventLimit.REFILL).minusSeconds(1), 10)).isZero();
        assertThat(taken("a", NOW.plus(EventLimit.REFILL), 10)).isEqualTo(1);
        assertThat(taken("a", NOW.plus(EventLimit.REFILL.multipliedBy(1000)), 100))
                .isEqualTo(EventLimit.BURST);
    }

    @Test
    void aClockThatWasSetBackSilencesNobodyForThatLong() {
        taken("a", NOW, 100);
        Instant back = NOW.minus(Duration.ofHours(3));
        assertThat(taken("a", back, 10)).isZero();
        assertThat(taken("a", back.plus(EventLimit.REFILL), 10)).isEqualTo(1);
    }

    @Test
    void oneResourcesStormIsNotAnothersSilence() {
        taken("a", NOW, 100);
        assertThat(limit.take("b", NOW)).isTrue();
        limit.forget("a");
        assertThat(limit.take("a", NOW)).isTrue();
    }
}
