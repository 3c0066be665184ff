package io.sequin.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnceStartedTest {
    private final AtomicInteger starts = new AtomicInteger();

    @Test
    void manyThreadsShareOneStart() throws Exception {
        OnceStarted<Integer> shared = new OnceStarted<>(starts::incrementAndGet);
        Set<Integer> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(shared::get))
                    .toList()) {
                seen.add(answer.get());
            }
        }
        assertThat(seen).containsExactly(1);
    }

    @Test
    void aStartThatFailsTwiceIsNotTriedAgain() {
        OnceStarted<Integer> shared = new OnceStarted<>(() -> {
            throw new IllegalStateException("failed " + starts.incrementAndGet());
        });

        assertThatThrownBy(shared::get).hasMessage("failed 2");
        assertThatThrownBy(shared::get).hasMessage("failed 2").hasRootCauseMessage("failed 2");
        assertThat(starts).hasValue(2);
    }

    @Test
    void aStartThatFailsOnceIsTriedAgain() {
        OnceStarted<Integer> shared = new OnceStarted<>(() -> {
            if (starts.incrementAndGet() == 1) {
                throw new IllegalStateException("too slow");
            }
            return starts.get();
        });

        assertThat(shared.get()).isEqualTo(2);
        assertThat(shared.get()).isEqualTo(2);
    }
}
