package io.sequin.benchmark;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All benchmarks one after another, each in a JVM of its own: {@code mvn -Pbenchmark package}. docs/benchmarks.md has
 * their results.
 */
public final class Benchmarks {
    /** The main class and its arguments. */
    private static final List<List<String>> ALL = List.of(
            List.of("io.sequin.postgres.load.LoadBenchmark", "18", "1000000", "3"),
            List.of("io.sequin.benchmark.PathBenchmark", "1000000", "2"),
            List.of("io.sequin.benchmark.FreshnessBenchmark", "2", "100"),
            List.of("io.sequin.benchmark.FreshnessBenchmark", "30", "40"),
            List.of("io.sequin.benchmark.Footprint", "50000", "2"),
            List.of("io.sequin.benchmark.IdleFootprint", "1000"));

    private Benchmarks() {}

    /** @param args part of the name of those that are wanted; none: all */
    public static void main(String[] args) throws Exception {
        for (List<String> benchmark : ALL) {
            if (args.length == 0 || args[0].isEmpty() || benchmark.getFirst().contains(args[0])) {
                run(benchmark);
            }
        }
    }

    private static void run(List<String> benchmark) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx2g",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path")));
        @Nullable String jar = System.getProperty("sequin.operator.jar");
        if (jar != null) {
            command.add("-Dsequin.operator.jar=" + jar);
        }
        command.addAll(benchmark);
        System.out.println(String.join(" ", benchmark));
        Process process = new ProcessBuilder(command)
                .inheritIO()
                .directory(new File("").getAbsoluteFile())
                .start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(benchmark.getFirst() + " ended with " + exit);
        }
    }
}
