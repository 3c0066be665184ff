package io.sequin.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The patches, each of which breaks one rule of the write path, and the test that each names. */
final class SeededBugs {
    private static final Path PATCHES = Path.of("src/test/seeded-bugs");
    private static final String CAUGHT_BY = "Caught-by: ";

    private SeededBugs() {}

    static Stream<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(PATCHES)) {
            return files.sorted().toList().stream();
        }
    }

    /** The class that must fail. */
    static String caughtBy(Path patch) throws IOException {
        return Files.readAllLines(patch).stream()
                .filter(line -> line.startsWith(CAUGHT_BY))
                .map(line -> line.substring(CAUGHT_BY.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(patch + " has no line " + CAUGHT_BY));
    }

    /** A copy of the code with the patch. Needs {@code git}. */
    static void apply(Path patch, Path copy) throws IOException, InterruptedException {
        copyTo(copy);
        run(copy, "git", "apply", patch.toAbsolutePath().toString());
    }

    /** A copy of the code. */
    static void copyTo(Path copy) throws IOException, InterruptedException {
        Path code = Files.createDirectories(copy.resolve("operator/src/main"));
        run(copy, "cp", "-r", Path.of("src/main/java").toAbsolutePath().toString(), code.toString());
    }

    private static void run(Path where, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", String.join(" ", command), output)
                .isZero();
    }
}
