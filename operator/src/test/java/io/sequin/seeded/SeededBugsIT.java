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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of the tests: each patch in {@code src/test/seeded-bugs} breaks one rule of the write path in a copy of the code,
 * and the test that it names, which passes as things are, must fail. Needs {@code git}. Runs with {@code -Pfull} only, since each is compiled anew.
 */
@Tag("full")
class SeededBugsIT {
    @TempDir
    static Path whole;

    private static Path sound;

    static Stream<Path> patches() throws IOException {
        return SeededBugs.patches();
    }

    @BeforeAll
    static void compileTheCodeAsItIs() throws Exception {
        SeededBugs.copyTo(whole);
        sound = compile(whole);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("patches")
    void isCaughtByATestThatPassesWithoutIt(Path patch, @TempDir Path copy) throws Exception {
        String test = SeededBugs.caughtBy(patch);
        assertThat(runTest(sound, test)).as("%s without the bug", test).isEqualTo(RunTests.PASSED);

        SeededBugs.apply(patch, copy);

        assertThat(runTest(compile(copy), test))
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
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
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
}
