package io.sequin.benchmark;

import io.sequin.testkit.image.ImageFiles;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The operator of the image, as a process at work on a bench. */
final class MeasuredOperator implements AutoCloseable {
    /** The property that names the folder of another image than this build's. */
    static final String IMAGE = "benchmark.image";

    private static final Duration LIMIT = Duration.ofMinutes(20);

    /**
     * How it is started.
     *
     * @param limit of memory, in MiB
     * @param flags of the JVM, all of them
     */
    record Variant(String name, int limit, List<String> flags) {}

    /** When its process was started. */
    final Instant begin;

    final ProcFiles proc;
    private final JavaProcess process;

    private MeasuredOperator(Instant begin, JavaProcess process) {
        this.begin = begin;
        this.process = process;
        this.proc = new ProcFiles(process.pid());
    }

    /** The files that {@code mvn -Pimage package} made: those of this build, unless {@link #IMAGE} says others. */
    static ImageFiles image() {
        ImageFiles image = new ImageFiles(Path.of(System.getProperty(IMAGE, "target/image")));
        if (!Files.exists(image.cache())) {
            throw new IllegalStateException("no AOT cache in " + image.root() + ": run mvn -Pimage package first");
        }
        return image;
    }

    /**
     * What is measured side by side: the image's flags, and where the property benchmark.flags has some, with blanks
     * between, the same with those behind them.
     *
     * @param limits of memory in MiB, each as if it were the machine's
     */
    static List<Variant> variants(int... limits) throws IOException {
        String more = System.getProperty("benchmark.flags", "").strip();
        List<Variant> variants = new ArrayList<>();
        for (int limit : limits) {
            List<String> flags = flags(List.of("-XX:MaxRAM=" + limit + "m"));
            variants.add(new Variant(limit + " MiB", limit, flags));
            if (!more.isEmpty()) {
                List<String> longer = new ArrayList<>(flags);
                longer.addAll(List.of(more.split(" +")));
                variants.add(new Variant(limit + " MiB " + more, limit, longer));
            }
        }
        return variants;
    }

    /** The flags of the image with its AOT cache, then these. */
    static List<String> flags(List<String> more) throws IOException {
        List<String> flags =
                flagsWithoutCache(List.of("-XX:AOTCache=" + image().cache().toAbsolutePath()));
        flags.addAll(more);
        return flags;
    }

    /** The flags of the image but for its AOT cache, then these. */
    static List<String> flagsWithoutCache(List<String> more) throws IOException {
        List<String> flags = new ArrayList<>(Files.readAllLines(image().options()));
        flags.removeIf(line -> !line.startsWith("-") || line.startsWith("-XX:AOTCache="));
        flags.addAll(more);
        return flags;
    }

    /** What the image's environment has. */
    private static Map<String, String> environment() throws IOException {
        return Files.readAllLines(Path.of("..", "Dockerfile")).stream()
                .filter(line -> line.startsWith("ENV "))
                .map(line -> line.substring("ENV ".length()).split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    /**
     * Starts it as in a pod.
     *
     * @param flags of the JVM, all of them
     * @param arguments besides those that tie it to the bench
     */
    static MeasuredOperator start(Bench bench, List<String> flags, String... arguments) throws IOException {
        Path scratch = Folders.temporary("sequin-benchmark");
        List<String> all = new ArrayList<>(List.of(
                "--namespaces=" + bench.namespace,
                "--lease-namespace=" + bench.namespace,
                "--cluster-id=benchmark",
                "--http-port=0",
                "--source-endpoint=stripe=" + bench.source));
        all.addAll(List.of(arguments));
        JavaProcess.Command command = JavaProcess.Command.ofJar(image().jar())
                .withJava(image().java())
                .withJvmOptions(flags.toArray(String[]::new))
                .withArguments(all.toArray(String[]::new))
                .withEnvironment(environment())
                .withEnvironment(bench.podEnvironment(scratch));
        return new MeasuredOperator(Instant.now(), JavaProcess.start(command, scratch.resolve("operator.log")));
    }

    /** The engine alone in a process of its own: the image's runtime and jar, and these flags. */
    static EngineAlone.Result engineAlone(Bench bench, List<String> flags, int rows)
            throws IOException, InterruptedException {
        List<Path> classes = new ArrayList<>(List.of(image().jar()));
        for (String more : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classes.add(Path.of(more));
        }
        Path scratch = Folders.temporary("sequin-benchmark");
        JavaProcess.Command command = JavaProcess.Command.ofClass(classes, EngineAlone.class.getName())
                .withJava(image().java())
                .withJvmOptions(flags.toArray(String[]::new))
                .withArguments(bench.alone(scratch, rows).arguments())
                .withEnvironment("PGPASSWORD", Bench.PASSWORD);
        try (JavaProcess process = JavaProcess.start(command, scratch.resolve("engine.log"))) {
            if (process.waitFor(LIMIT).orElse(-1) != 0) {
                throw new IllegalStateException(String.join("\n", process.tail(30)));
            }
            return EngineAlone.Result.of(process.tail(30));
        }
    }

    /** Waits; what the operator said last is told where it ends, or takes too long. */
    void await(Duration pollInterval, BooleanSupplier reached) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!reached.getAsBoolean()) {
            if (process.waitFor(pollInterval).isPresent() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(String.join("\n", process.tail(30)));
            }
        }
    }

    /** Lets it run for so long. */
    void run(Duration time) throws InterruptedException {
        if (process.waitFor(time).isPresent()) {
            throw new IllegalStateException(String.join("\n", process.tail(30)));
        }
    }

    /** When it first logged this; by its own clock, which is the machine's. */
    Instant said(String text) throws IOException {
        return Files.readAllLines(process.output()).stream()
                .filter(line -> line.contains(text))
                .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not in " + process.output() + ": " + text));
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
