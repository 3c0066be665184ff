package io.sequin.testkit.operator;

import io.sequin.testkit.process.FreePort;
import io.sequin.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The packaged operator as a process of its own. */
public final class PackagedOperator implements AutoCloseable {
    private final JavaProcess process;
    private final int httpPort;
    private final HttpClient http;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PackagedOperator(JavaProcess process, int httpPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    }

    /**
     * Starts it.
     *
     * @param jar the operator's jar, with its libraries in {@code lib} beside it
     * @param kubeconfig text; goes to a file that only we can read, never on the command line
     * @param arguments flags besides {@code --http-port}
     */
    public static PackagedOperator start(
            Path jar, String kubeconfig, Path scratch, List<String> jvmFlags, List<String> arguments) {
        return start(jar, kubeconfig, scratch, jvmFlags, arguments, "sequin-operator-local");
    }

    /**
     * Starts one of several.
     *
     * @param pod its name, by which it holds the Lease
     */
    public static PackagedOperator start(
            Path jar, String kubeconfig, Path scratch, List<String> jvmFlags, List<String> arguments, String pod) {
        int port = FreePort.pick();
        Path file = secretFile(scratch, kubeconfig);
        List<String> args = new ArrayList<>(arguments);
        args.add("--http-port=" + port);
        JavaProcess.Command command = JavaProcess.Command.ofJar(jar)
                .withJvmOptions(jvmFlags.toArray(String[]::new))
                .withArguments(args.toArray(String[]::new))
                .withEnvironment("KUBECONFIG", file.toString())
                .withEnvironment("POD_NAME", pod);
        JavaProcess process = JavaProcess.start(command, scratch.resolve("operator.log"));
        return new PackagedOperator(process, port);
    }

    private static Path secretFile(Path scratch, String text) {
        try {
            Path file = Files.createTempFile(
                    scratch,
                    "operator-kubeconfig",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JavaProcess process() {
        return process;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    /** Body of {@code /metrics}; empty while it does not answer. */
    public String metrics() throws InterruptedException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri("/metrics"))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.close();
        http.close();
        if (closed.compareAndSet(false, true)) {
            FreePort.release(httpPort);
        }
    }
}
