package io.sequin.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    @Test
    void doublesUpToTheCap() {
        assertThat(backoff.full(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.full(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.full(6)).isEqualTo(Duration.ofSeconds(32));
        assertThat(backoff.full(7)).isEqualTo(Duration.ofSeconds(60));
        assertThat(backoff.full(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void jitterStaysBetweenHalfAndAll() {
        Random random = new Random(7);
        for (int failures = 1; failures < 100; failures++) {
            assertThat(backoff.delay(failures, random))
                    .isBetween(backoff.full(failures).dividedBy(2), backoff.full(failures));
        }
    }

    @Test
    void jitterSpreadsTheTries() {
        Random random = new Random(7);
        assertThat(backoff.delay(9, random)).isNotEqualTo(backoff.delay(9, random));
    }

    @Test
    void noFailureHasNoBackoff() {
        assertThatIllegalArgumentException().isThrownBy(() -> backoff.full(0));
    }
}
