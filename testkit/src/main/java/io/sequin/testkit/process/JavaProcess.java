package io.sequin.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Java program as a process of its own, run by the same JDK as this one. It ends with this JVM at the latest, and a
 * Ctrl-C at the console reaches it only through us.
 */
public final class JavaProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private JavaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * What to start. Immutable; each method returns a changed copy.
     *
     * @param java the program that runs it; this JVM's own unless set
     * @param program what follows the JVM's options: the class path and main class, or the jar
     * @param jvmOptions such as {@code -Xmx128m}
     * @param arguments of the program
     * @param environment added to ours
     */
    public record Command(
            Path java,
            List<String> program,
            List<String> jvmOptions,
            List<String> arguments,
            Map<String, String> environment) {
        private static final Path OWN = Path.of(System.getProperty("java.home"), "bin", "java");

        /** Copies its parts. */
        public Command {
            program = List.copyOf(program);
            jvmOptions = List.copyOf(jvmOptions);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }

        /** An executable jar. */
        public static Command ofJar(Path jar) {
            return new Command(OWN, List.of("-jar", jar.toString()), List.of(), List.of(), Map.of());
        }

        /** A main class and where its classes are. */
        public static Command ofClass(List<Path> classPath, String mainClass) {
            String joined = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
            return new Command(OWN, List.of("-cp", joined, mainClass), List.of(), List.of(), Map.of());
        }

        /** A main class of this process's own class path. */
        public static Command ofOwnClass(Class<?> mainClass) {
            String classPath = System.getProperty("java.class.path");
            return new Command(OWN, List.of("-cp", classPath, mainClass.getName()), List.of(), List.of(), Map.of());
        }

        /** Another {@code java} program. */
        public Command withJava(Path program) {
            return new Command(program, this.program, jvmOptions, arguments, environment);
        }

        /** Replaces the JVM's options. */
        public Command withJvmOptions(String... options) {
            return new Command(java, program, List.of(options), arguments, environment);
        }

        /** Replaces the program's arguments. */
        public Command withArguments(String... values) {
            return new Command(java, program, jvmOptions, List.of(values), environment);
        }

        /** Adds an environment variable. */
        public Command withEnvironment(String name, String value) {
            return withEnvironment(Map.of(name, value));
        }

        /** Adds environment variables. */
        public Command withEnvironment(Map<String, String> variables) {
            Map<String, String> more = new LinkedHashMap<>(environment);
            more.putAll(variables);
            return new Command(java, program, jvmOptions, arguments, more);
        }

        private List<String> line() {
            List<String> line = new ArrayList<>();
            // a session of its own, so that a Ctrl-C at the console isn't sent to it
            line.add("setsid");
            line.add(java.toString());
            line.addAll(jvmOptions);
            line.addAll(program);
            line.addAll(arguments);
            return line;
        }
    }

    /**
     * Starts it.
     *
     * @param output receives what it writes to standard output and standard error; appended to
     * @throws UncheckedIOException when the JDK's java or {@code setsid} (util-linux) can't be run
     */
    public static JavaProcess start(Command command, Path output) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command.line())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().putAll(command.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            Reaper.kill(process.pid(), "KILL");
            Thread.ofVirtual()
                    .name("ended-" + process.pid())
                    .start(() -> Reaper.spare(process.onExit().join().pid()));
            return new JavaProcess(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.program(), e);
        }
    }

    /** Its process number. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The file that it writes to. */
    public Path output() {
        return output;
    }

    /** The last lines it wrote, oldest first. */
    public List<String> tail(int lines) {
        try {
            // the last character may be half written, which a strict reader would refuse
            List<String> all = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + output, e);
        }
    }

    /** Ends it as a crash would (SIGKILL), and waits until it is gone. */
    public void kill9() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while killing process " + pid(), e);
        }
    }

    /** Stops it where it is (SIGSTOP), as a long pause would: its connections stay open. */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on (SIGCONT). */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("bash", "-c", "kill -s " + name + " " + pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("process " + pid() + " took no signal " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send signal " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending signal " + name, e);
        }
    }

    /** Asks it to end (SIGTERM); does not wait. */
    public void terminate() {
        process.destroy();
    }

    /**
     * Waits until it has ended.
     *
     * @return its exit code (128 + the signal where one ended it), or nothing when the time is over
     */
    public OptionalInt waitFor(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /** {@link #kill9()}, where it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill9();
        }
    }
}
