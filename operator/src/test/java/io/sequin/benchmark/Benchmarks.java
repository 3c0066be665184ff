package io.sequin.benchmark;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * All benchmarks one after another, each in a JVM of its own: {@code mvn -Pbenchmark,image}. docs/benchmarks.md has
 * their results, and the properties.
 */
public final class Benchmarks {
    /** The main class, and its arguments: those of the results, and small ones that show in minutes that all of it runs. */
    private record Benchmark(String main, List<String> usual, List<String> small) {}

    private static final List<Benchmark> ALL = List.of(
            new Benchmark(
                    "io.sequin.postgres.load.LoadBenchmark",
                    List.of("18", "1000000", "2"),
                    List.of("18", "50000", "1")),
            new Benchmark("io.sequin.benchmark.PathBenchmark", List.of("1000000", "2"), List.of("50000", "1")),
            new Benchmark("io.sequin.benchmark.FreshnessBenchmark", List.of("2", "100"), List.of("2", "5")),
            new Benchmark("io.sequin.benchmark.FreshnessBenchmark", List.of("30", "100"), List.of("5", "5")),
            new Benchmark("io.sequin.benchmark.StartBenchmark", List.of("9"), List.of("1")),
            new Benchmark("io.sequin.benchmark.Footprint", List.of("20000", "1"), List.of("2000", "1")),
            new Benchmark("io.sequin.benchmark.IdleFootprint", List.of("1000"), List.of("20")));

    private Benchmarks() {}

    /** @param args part of the name of those that are wanted; none: all */
    public static void main(String[] args) throws Exception {
        boolean small = Boolean.getBoolean("benchmark.small");
        String own = System.getProperty("benchmark.arguments", "").strip();
        for (Benchmark benchmark : ALL) {
            if (args.length == 0 || args[0].isEmpty() || benchmark.main().contains(args[0])) {
                List<String> listed = small ? benchmark.small() : benchmark.usual();
                run(benchmark.main(), own.isEmpty() ? listed : List.of(own.split(" +")));
            }
        }
    }

    private static void run(String main, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                // as image/jvm.options has them: the write path is measured in this very process
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx2g",
                "-Dbenchmark.flags=" + System.getProperty("benchmark.flags", ""),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path")));
        command.add(main);
        command.addAll(arguments);
        System.out.println(main + " " + String.join(" ", arguments));
        Process process = new ProcessBuilder(command)
                .inheritIO()
                .directory(new File("").getAbsoluteFile())
                .start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(main + " ended with " + exit);
        }
    }
}
