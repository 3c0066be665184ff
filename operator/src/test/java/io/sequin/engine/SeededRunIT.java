package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed repeats its run in another process too, where the JDK goes through its unmodifiable sets in another order. */
class SeededRunIT {
    /** Of two that differ half the time, at least one most probably does. */
    private static final int PROCESSES = 4;

    @Test
    void aSeedRepeatsItsRunInAnotherProcess(@TempDir Path directory) throws Exception {
        long seed = Seeds.seed(SeededRunIT.class);
        List<String> first = linesOf(seed, directory.resolve("0"));
        assertThat(first).hasSizeGreaterThan(100);
        for (int i = 1; i < PROCESSES; i++) {
            assertThat(linesOf(seed, directory.resolve("" + i))).isEqualTo(first);
        }
    }

    /** Of a run in which no other thread woke one of its own. */
    private static List<String> linesOf(long seed, Path file) throws IOException, InterruptedException {
        String output = "";
        for (int i = 0; i < 5; i++) {
            output = run(seed, file);
            if (!output.contains("may not repeat")) {
                return Files.readAllLines(file);
            }
        }
        throw new AssertionError(output);
    }

    private static String run(long seed, Path file) throws IOException, InterruptedException {
        Path told = file.resolveSibling(file.getFileName() + ".out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SeededRun.class.getName(),
                        "" + seed,
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            String output = Files.readString(told);
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
