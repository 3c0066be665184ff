package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.image.ImageFiles;
import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image's files, laid out and trained as the Dockerfile's build stage does it. */
class ImageIT {
    private static ImageFiles image;

    @BeforeAll
    static void build() throws Exception {
        Path root = Folders.temporary("sequin-image").resolve("root");
        Path options = Command.ROOT.resolve("image");
        image = ImageFiles.layOut(Path.of(System.getProperty("sequin.operator.jar")), options, root);
        image.train(options, Command.ROOT.resolve("config"));
    }

    @Test
    void itsRuntimeRunsTheOperatorWithTheCacheAndTheOptions() throws IOException {
        Command.Result version = run(List.of("-XX:AOTCache=" + image.cache(), "-XX:AOTMode=on"));

        assertThat(version.ok()).startsWith("sequin-operator ");
        assertThat(version.err()).isEmpty();
    }

    /** Layers are unpacked elsewhere than they were made. */
    @Test
    void theCacheFitsWhereverTheFilesAre() throws IOException {
        Path moved = Folders.temporary("sequin-image").resolve("elsewhere");
        Command.run(Path.of("/"), Map.of(), List.of("cp", "-a", image.root().toString(), moved.toString()))
                .ok();
        ImageFiles there = new ImageFiles(moved);

        assertThat(run(there, List.of("-XX:AOTCache=" + there.cache(), "-XX:AOTMode=on"))
                        .ok())
                .startsWith("sequin-operator ");
    }

    @Test
    void withoutAFittingCacheItStartsAllTheSame() throws IOException {
        Path unfit = Files.writeString(Folders.temporary("sequin-image").resolve("unfit.aot"), "no cache");

        // after the JVM's word that it could not use it
        assertThat(run(List.of("-XX:AOTCache=" + unfit)).ok().lines())
                .last()
                .asString()
                .startsWith("sequin-operator ");
        assertThat(run(List.of("-XX:AOTCache=/nowhere.aot")).ok().lines())
                .last()
                .asString()
                .startsWith("sequin-operator ");
    }

    /** Those compiled for Java 5 are not taken as they are: a start read and verified all of the command line's anew. */
    @Test
    void everyLibrarysClassesThatAStartNeedsAreInTheCache() throws IOException {
        String said = run(List.of("-XX:AOTCache=" + image.cache(), "-Xlog:class+load"))
                .ok();

        assertThat(said.lines().filter(line -> line.contains("source: shared objects file")))
                .anyMatch(line -> line.contains(" picocli.CommandLine "));
        assertThat(said.lines().filter(line -> line.contains("source: file:"))).isEmpty();
    }

    /** See docs/adr/0024: otherwise most of what is compiled at the start is compiled with counters, and then again. */
    @Test
    void whatTheFirstCompilerDidAloneInTheTrainingItDoesAloneAgain() throws IOException {
        String said = run(List.of("-XX:AOTCache=" + image.cache(), "-XX:+PrintCompilation"))
                .ok();

        assertThat(compilations(said, "1")).isGreaterThan(5 * compilations(said, "[234]"));
    }

    /** The JVM alone would take at least 125 MiB, however small the share. */
    @Test
    void theHeapIsTheShareOfTheMemoryLimitThatTheOptionsName() throws IOException {
        String flags = run(List.of("-XX:MaxRAM=320m", "-XX:+PrintFlagsFinal")).ok();

        Matcher heap = Pattern.compile(" MaxHeapSize += (\\d+) ").matcher(flags);
        assertThat(heap.find()).isTrue();
        assertThat(Long.parseLong(heap.group(1)) >> 20).isBetween(102L, 104L);
    }

    /** Such lines look like {@code 1426  720       1       java.lang.String::length (11 bytes)}. */
    private static long compilations(String said, String level) {
        return Pattern.compile("(?m)^ *\\d+ +\\d+ [%sb!n ]* " + level + " +\\S+::\\S+ ")
                .matcher(said)
                .results()
                .count();
    }

    private static Command.Result run(List<String> more) throws IOException {
        return run(image, more);
    }

    /** With the image's options but for the place of the cache, which is that of the image. */
    private static Command.Result run(ImageFiles files, List<String> more) throws IOException {
        List<String> line = new ArrayList<>(List.of(files.java().toString()));
        Files.readAllLines(files.options()).stream()
                .filter(option -> option.startsWith("-") && !option.startsWith("-XX:AOTCache="))
                .forEach(line::add);
        line.addAll(more);
        line.addAll(List.of("-jar", files.jar().toString(), "--version"));
        return Command.run(files.root(), Map.of(), line);
    }
}
