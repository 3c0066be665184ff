package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final List<String> taken = new ArrayList<>();

    @Test
    void stepsAreTakenInOrderAndOnce() {
        Shutdown shutdown = new Shutdown().then("one", () -> taken.add("one")).then("two", () -> taken.add("two"));
        shutdown.run();
        shutdown.run();
        assertThat(taken).containsExactly("one", "two");
    }

    @Test
    void aStepThatFailsDoesNotKeepTheNextFromBeingTaken() {
        new Shutdown()
                .then("one", () -> {
                    throw new IllegalStateException("on purpose");
                })
                .then("two", () -> taken.add("two"))
                .run();
        assertThat(taken).containsExactly("two");
    }
}
