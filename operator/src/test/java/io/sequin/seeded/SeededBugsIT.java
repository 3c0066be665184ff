package io.sequin.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of the tests: each patch in {@code src/test/seeded-bugs} breaks one rule of the write path in a copy of the code,
 * and the test that it names must fail. Needs {@code git}. Runs with {@code -Pfull} only, since each is compiled anew.
 */
@Tag("full")
class SeededBugsIT {
    private static final Path PATCHES = Path.of("src/test/seeded-bugs");
    private static final String CAUGHT_BY = "Caught-by: ";

    static Stream<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(PATCHES)) {
            return files.sorted().toList().stream();
        }
    }

    @Test
    void thereAreTwelve() throws IOException {
        assertThat(patches()).hasSizeGreaterThanOrEqualTo(12);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("patches")
    void isCaught(Path patch, @TempDir Path copy) throws Exception {
        String test = Files.readAllLines(patch).stream()
                .filter(line -> line.startsWith(CAUGHT_BY))
                .map(line -> line.substring(CAUGHT_BY.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(patch + " has no line " + CAUGHT_BY));
        Path code = Files.createDirectories(copy.resolve("operator/src/main"));
        run(copy, "cp", "-r", Path.of("src/main/java").toAbsolutePath().toString(), code.toString());
        run(copy, "git", "apply", patch.toAbsolutePath().toString());
        Path classes = compile(copy);
        assertThat(runTest(classes, test))
                .as("%s must fail %s", patch.getFileName(), test)
                .isEqualTo(RunTests.FAILED);
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static Path compile(Path copy) throws IOException {
        Path classes = Files.createDirectory(copy.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-nowarn", "-parameters", "-cp", classPath(), "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(copy.resolve("operator"))) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("the patched code compiles").isZero();
        return classes;
    }

    private static int runTest(Path classes, String test) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Djava.net.preferIPv4Stack=true",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes + System.getProperty("path.separator") + classPath(),
                        RunTests.class.getName(),
                        test)
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
            output.lines().filter(line -> line.startsWith("FAILED")).limit(3).forEach(System.out::println);
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
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
