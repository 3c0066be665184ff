package io.sequin.install;

import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.HelmProgram;
import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program at the command line, as users have it: helm, kubectl, a shell. */
final class Command {
    /** The repository. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static final Path CHART = ROOT.resolve("helm/sequin-operator");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** How it ended: exit code, standard output, standard error. */
    record Result(int code, String out, String err) {
        /** What it printed, where it went well. */
        String ok() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + ":\n" + err + out);
            }
            return out;
        }
    }

    private Command() {}

    /** helm with the chart in this repository, which needs no cluster. */
    static Result helm(String... arguments) {
        return run(
                ROOT,
                Map.of(),
                Stream.concat(Stream.of(HelmProgram.path().toString()), Stream.of(arguments))
                        .toList());
    }

    /** The manifests of the chart. */
    static String template(String release, String namespace, String... more) {
        return helm(Stream.concat(
                                Stream.of("template", release, CHART.toString(), "--namespace", namespace),
                                Stream.of(more))
                        .toArray(String[]::new))
                .ok();
    }

    /** kubectl with the rights of an administrator. */
    static Result kubectl(ApiServer server, String... arguments) {
        Path folder = Folders.temporary("sequin-kubectl");
        try {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
            return run(
                    ROOT,
                    Map.of("KUBECONFIG", kubeconfig.toString()),
                    Stream.concat(Stream.of(server.kubectl().toString()), Stream.of(arguments))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folders.delete(folder);
        }
    }

    static Result run(Path folder, Map<String, String> environment, List<String> line) {
        Path output = Folders.temporary("sequin-command");
        try {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectOutput(output.resolve("out").toFile())
                    .redirectError(output.resolve("err").toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(line + " did not end within " + LIMIT);
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(output.resolve("out")),
                    Files.readString(output.resolve("err")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + line, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Folders.delete(output);
        }
    }
}
