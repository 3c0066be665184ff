package io.sequin.benchmark;

import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A {@link ChargeServer} in a process of its own, so that what it costs is known. */
final class FastSource implements AutoCloseable {
    final ProcFiles proc;
    private final JavaProcess process;
    private final URI uri;
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param latency what each page takes, apart from making it */
    FastSource(int rows, Duration latency) throws IOException, InterruptedException {
        process = JavaProcess.start(
                JavaProcess.Command.ofOwnClass(ChargeServer.class)
                        .withJvmOptions("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1")
                        .withArguments(String.valueOf(rows), String.valueOf(latency.toMillis())),
                Folders.temporary("sequin-benchmark").resolve("source.log"));
        proc = new ProcFiles(process.pid());
        uri = URI.create("http://127.0.0.1:" + port());
    }

    private int port() throws InterruptedException {
        while (true) {
            for (String line : process.tail(1)) {
                if (line.startsWith(ChargeServer.READY)) {
                    return Integer.parseInt(line.substring(ChargeServer.READY.length()));
                }
            }
            if (process.waitFor(Duration.ofMillis(50)).isPresent()) {
                throw new IllegalStateException(String.join("\n", process.tail(30)));
            }
        }
    }

    URI uri() {
        return uri;
    }

    /** Requests for charges so far. */
    long requests() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri.resolve(ChargeServer.COUNT)).build();
        return Long.parseLong(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        client.close();
        process.close();
    }
}
