package io.sequin.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script with a stand-in for {@code go}: what it asks of the machine, and what it leaves. */
class BuildScriptTest {
    @TempDir
    private Path work;

    private final Path path = Folders.temporary("sequin-path");
    private Path target;

    private record Result(int code, String output) {}

    /** A PATH with the usual tools but no Go. */
    @BeforeEach
    void linkTools() throws IOException {
        target = work.resolve("cache").resolve("programs");
        for (String tool : List.of(
                "awk",
                "basename",
                "bash",
                "cut",
                "dirname",
                "flock",
                "grep",
                "head",
                "mkdir",
                "mktemp",
                "mv",
                "rm",
                "sed",
                "sleep",
                "sort",
                "tail",
                "touch",
                "chmod",
                "cat")) {
            Path found = Stream.of("/usr/bin", "/bin")
                    .map(folder -> Path.of(folder, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("this test needs " + tool));
            Files.createSymbolicLink(path.resolve(tool), found);
        }
    }

    @AfterEach
    void removeTools() {
        Folders.delete(path);
    }

    @Test
    void saysWhatToInstallWhereThereIsNoGo() throws Exception {
        Result result = run();

        assertThat(result.code()).isOne();
        assertThat(result.output()).contains("Go is not installed: install Go 1.26 or newer", "KUBEBUILDER_ASSETS");
        assertThat(target).doesNotExist();
    }

    @Test
    void saysSoWhereGoIsTooOld() throws Exception {
        go("1.9.7", "exit 1");

        Result result = run();

        assertThat(result.code()).isOne();
        assertThat(result.output()).contains("Go 1.9 is too old: install Go 1.26 or newer");
    }

    @Test
    void leavesTheThreeProgramsAndNothingHalfDone() throws Exception {
        go("1.26.0", WORKING_GO);

        Result result = run();

        assertThat(result.output()).contains("compiling kube-apiserver").endsWith(target + "\n");
        assertThat(result.code()).isZero();
        assertThat(KubeBinaries.PROGRAMS)
                .allSatisfy(name -> assertThat(target.resolve(name)).isExecutable());
        assertThat(left()).containsExactlyInAnyOrder("programs", "programs.lock");
    }

    @Test
    void buildsNothingThatIsThere() throws Exception {
        go("1.26.0", WORKING_GO);
        run();
        go("1.26.0", "exit 1");

        Result result = run();

        assertThat(result).isEqualTo(new Result(0, target + "\n"));
    }

    @Test
    void showsTheCompilersWordsAndLeavesNoProgramsWhenItFails() throws Exception {
        go("1.26.0", WORKING_GO.replace("touch \"$4\"", "echo 'disk is full'; exit 1"));

        Result result = run();

        assertThat(result.code()).isOne();
        assertThat(result.output()).contains("disk is full", "failed: compiling etcd");
        assertThat(target).doesNotExist();
    }

    @Test
    void twoAtTheSameTimeBuildOnce() throws Exception {
        go(
                "1.26.0",
                WORKING_GO.replace("touch \"$4\"", "echo built >> '" + work + "/builds'; sleep 0.3; touch \"$4\""));

        Process first = start();
        Process second = start();
        String both = output(first) + output(second);

        assertThat(first.waitFor() + second.waitFor()).as(both).isZero();
        assertThat(Files.readAllLines(work.resolve("builds"))).hasSameSizeAs(KubeBinaries.PROGRAMS);
        assertThat(both).contains("another build runs, waiting for it");
    }

    /** Answers as go does, compiles to empty files. */
    private static final String WORKING_GO = """
            case "$1 $2" in
              "env GOMODCACHE") echo "$MODULES" ;;
              "mod download" | "mod tidy") ;;
              "build -trimpath") touch "$4"; chmod +x "$4" ;;
              *) echo "unexpected: go $*"; exit 1 ;;
            esac
            """;

    private void go(String version, String body) throws IOException {
        Path module = Files.createDirectories(work.resolve("modules/k8s.io/kubernetes@v" + KubeBinaries.VERSION));
        StringBuilder replaced = new StringBuilder("module k8s.io/kubernetes\n\nreplace (\n");
        for (int i = 0; i < 33; i++) {
            replaced.append("\tk8s.io/part%1$d => ./staging/src/k8s.io/part%1$d\n".formatted(i));
        }
        Files.writeString(module.resolve("go.mod"), replaced.append(")\n"));
        Path go = path.resolve("go");
        Files.writeString(go, """
                #!/usr/bin/env bash
                if [ "$1" = version ]; then echo "go version go%s linux/amd64"; exit; fi
                MODULES='%s/modules'
                %s
                """.formatted(version, work, body));
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run() throws IOException, InterruptedException {
        Process script = start();
        String output = output(script);
        return new Result(script.waitFor(), output);
    }

    private Process start() throws IOException {
        Path script = work.resolve("script");
        try (InputStream resource = KubeBuild.class.getResourceAsStream("build-kube-apiserver")) {
            assertThat(resource).isNotNull();
            Files.write(script, resource.readAllBytes());
        }
        ProcessBuilder builder =
                new ProcessBuilder(path.resolve("bash").toString(), script.toString(), target.toString());
        builder.environment().put("PATH", path.toString());
        return builder.redirectErrorStream(true).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> entries = Files.list(work.resolve("cache"))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
