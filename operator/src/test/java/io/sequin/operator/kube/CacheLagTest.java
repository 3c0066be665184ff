package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheLagTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant LATER = NOW.plus(CacheLag.PATIENCE);

    private final CacheLag lag = new CacheLag();

    @Test
    void aCacheThatIsAMomentBehindIsFine() {
        assertThat(lag.compare(Map.of("a", "2"), Map.of("a", "1"), NOW)).isEmpty();
        assertThat(lag.compare(Map.of("a", "2"), Map.of("a", "2"), NOW.plusSeconds(60)))
                .isEmpty();
        assertThat(lag.compare(Map.of("a", "3"), Map.of("a", "2"), LATER)).isEmpty();
    }

    @Test
    void aBusyObjectWhoseCachedVersionMovesIsFine() {
        for (int i = 0; i < 10; i++) {
            assertThat(lag.compare(Map.of("a", "s" + i), Map.of("a", "c" + i), NOW.plusSeconds(60L * i)))
                    .isEmpty();
        }
    }

    @Test
    void aChangeTheCacheDoesNotSeeMeansThatItStopped() {
        lag.compare(Map.of("a", "2"), Map.of("a", "1"), NOW);
        assertThat(lag.compare(Map.of("a", "7"), Map.of("a", "1"), LATER.minusSeconds(1)))
                .isEmpty();
        assertThat(lag.compare(Map.of("a", "9"), Map.of("a", "1"), LATER)).containsExactly("a");
    }

    @Test
    void soDoANewObjectAndADeletedOne() {
        lag.compare(Map.of("new", "1"), Map.of("old", "1"), NOW);
        assertThat(lag.compare(Map.of("new", "1"), Map.of("old", "1"), LATER)).containsExactlyInAnyOrder("new", "old");
    }
}
