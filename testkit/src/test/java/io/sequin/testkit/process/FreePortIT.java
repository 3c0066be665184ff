package io.sequin.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some hundreds at once would meet by chance, were they not kept. */
class FreePortIT {
    private static final int SOME = 1_500;

    @TempDir
    private Path folder;

    private final List<Integer> picked = new ArrayList<>();

    @AfterEach
    void giveBack() {
        picked.forEach(FreePort::release);
    }

    @Test
    void noPortIsPickedTwice() {
        pickSome();

        assertThat(picked).doesNotHaveDuplicates();
    }

    @Test
    void noPortIsPickedByAnotherProcess() throws InterruptedException {
        pickSome();
        JavaProcess.Command command = JavaProcess.Command.ofOwnClass(Picks.class);
        try (JavaProcess other = JavaProcess.start(command, folder.resolve("ports"))) {
            assertThat(other.waitFor(Duration.ofSeconds(60))).hasValue(0);
            Set<Integer> theirs =
                    other.tail(SOME).stream().map(Integer::valueOf).collect(Collectors.toSet());

            assertThat(theirs).hasSize(SOME).doesNotContainAnyElementsOf(picked);
        }
    }

    @Test
    void aPortThatIsGivenBackMayBePickedAgain() {
        pickSome();
        for (int i = 0; i < 20; i++) {
            giveBack();
            picked.clear();
            pickSome();
        }

        assertThat(picked).hasSize(SOME);
    }

    private void pickSome() {
        IntStream.range(0, SOME).forEach(i -> picked.add(FreePort.pick()));
    }

    /** What another process does. */
    static final class Picks {
        private Picks() {}

        /** Prints the ports that it has picked, one on each line. */
        public static void main(String[] args) {
            IntStream.range(0, SOME).forEach(i -> System.out.println(FreePort.pick()));
        }
    }
}
