package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aHugeCeilingIsCountedInPartsAndNeverExceeded() {
        Window window = new Window(1_000_000, 1_000 * SECOND);
        int started = 0;
        for (int i = 0; i < 1_500; i++) {
            if (window.freeAt(i) <= i) {
                window.take(i);
                started++;
            }
        }
        assertThat(started).isEqualTo(1_000);
    }
}
