package io.sequin.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;

class MidnightTest {
    private static final Duration LASTING = Duration.ofMinutes(2);

    @Test
    void whatEndsBeforeItNeedNotWait() {
        assertThat(Midnight.rest(LocalTime.of(0, 0), LASTING)).isZero();
        assertThat(Midnight.rest(LocalTime.of(23, 57, 59), LASTING)).isZero();
    }

    @Test
    void whatMayEndAfterItWaitsUntilItHasPassed() {
        LocalTime near = LocalTime.of(23, 58, 30);

        Duration rest = Midnight.rest(near, LASTING);

        assertThat(rest).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(92));
        assertThat(near.plus(rest)).isBefore(LocalTime.of(0, 0, 5));
    }
}
