package io.sequin.testkit.kube;

import io.sequin.testkit.process.OnceStarted;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Finds helm, or builds it.
 *
 * <p>In this order: the program that the environment variable {@code HELM} names; the cache in the user's home; a build
 * from helm's Go module, which takes a minute or two once. A helm on the PATH is not used: every machine should test
 * with the same one.
 */
public final class HelmProgram {
    static final String VERSION = "4.3.1";
    private static final OnceStarted<Path> SHARED =
            new OnceStarted<>(() -> new HelmProgram(System.getenv()).findOrMake());

    private final Map<String, String> environment;

    HelmProgram(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The program, named {@code helm}. May take minutes at the first call on a machine.
     *
     * @throws IllegalStateException when it can't be had; the message says what to install or set
     */
    public static Path path() {
        return SHARED.get();
    }

    Path findOrMake() {
        String named = environment.getOrDefault("HELM", "");
        if (!named.isBlank()) {
            if (!Files.isExecutable(Path.of(named))) {
                throw new IllegalStateException(
                        "HELM=" + named + " is no program: let it name helm's executable, or unset it");
            }
            return Path.of(named);
        }
        Path cached = folder().resolve("helm");
        return Files.isExecutable(cached) ? cached : build(cached);
    }

    /** {@code $XDG_CACHE_HOME/sequin/helm/VERSION}. */
    Path folder() {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("sequin").resolve("helm").resolve(VERSION + KubeBinaries.platform());
    }

    /** One build at a time on the machine; go puts the program into place when it is whole. */
    private Path build(Path target) {
        try {
            Files.createDirectories(folder());
            try (FileChannel channel = FileChannel.open(
                            folder().resolveSibling(VERSION + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isExecutable(target)) {
                    compile();
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make helm in " + folder(), e);
        }
    }

    private void compile() throws IOException {
        Progress.say("building helm " + VERSION + " from its Go module; takes a minute or two, once");
        ProcessBuilder go = new ProcessBuilder(
                "go", "install", "-trimpath", "-ldflags=-s -w", "helm.sh/helm/v4/cmd/helm@v" + VERSION);
        go.environment().putAll(Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "-mod=mod", "CGO_ENABLED", "0"));
        go.environment().put("GOBIN", folder().toString());
        Process process;
        try {
            process = go.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Go is not installed: install Go 1.26 or newer (https://go.dev/dl/), which builds helm once, or let"
                            + " the environment variable HELM name helm's executable",
                    e);
        }
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> said.append(line).append('\n'));
        }
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("helm can't be built (it needs Go 1.26 or newer):\n" + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while building helm", e);
        }
    }
}
