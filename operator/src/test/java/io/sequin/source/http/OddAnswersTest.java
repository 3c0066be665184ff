package io.sequin.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.credentials.SecretValue;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers, and proxies before them, do to an answer. */
class OddAnswersTest {
    private static final SecretValue KEY = SecretValue.of("canary-4711");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpConnections client = HttpConnections.of(Proxies.NONE, Optional.empty());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> T onItsThread(Callable<T> work) throws Exception {
        return threads.submit(work).get(30, TimeUnit.SECONDS);
    }

    private SourceException failure(HttpCall call, Duration timeout) {
        SourceException e = catchThrowableOfType(
                SourceException.class, () -> new HttpCalls(client, AnswerLimit.of(timeout)).get(call, KEY));
        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNREACHABLE);
        assertThat(e.getMessage()).doesNotContain("canary");
        return e;
    }

    @Test
    void anAnswerWhoseHeadersTrickleForLongerThanTheTimeoutIsGivenUp() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Future<Integer> served = threads.submit(() -> {
                int sent = 0;
                try (Socket socket = slow.accept()) {
                    while (sent < 1_000) {
                        socket.getOutputStream()
                                .write(
                                        sent == 0
                                                ? "HTTP/1.1 200 OK\r\nA: ".getBytes(StandardCharsets.UTF_8)
                                                : new byte[] {'x'});
                        sent++;
                        Thread.sleep(20);
                    }
                } catch (IOException closed) {
                    return sent;
                }
                return sent;
            });
            URI base = URI.create("http://127.0.0.1:" + slow.getLocalPort());

            assertThat(onItsThread(
                            () -> failure(new HttpCall(base, "/v1", Query.NONE, Map.of(), 10), Duration.ofMillis(300))
                                    .getMessage()))
                    .contains("no complete answer within");
            assertThat(served.get(20, TimeUnit.SECONDS)).isLessThan(1_000);
        }
    }

    @Test
    void aBodyThatEndsBeforeItsLengthIsNoAnswer() throws Exception {
        try (ServerSocket broken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Future<?> served = threads.submit(() -> {
                try (Socket socket = broken.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half"
                                    .getBytes(StandardCharsets.UTF_8));
                }
                return null;
            });
            URI base = URI.create("http://127.0.0.1:" + broken.getLocalPort());

            assertThat(failure(new HttpCall(base, "/v1", Query.NONE, Map.of(), 1_000), Duration.ofSeconds(20)))
                    .hasMessageContaining("the connection broke before the answer was complete");
            assertThat(served).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'vary: a|Vary: b|Content-Length: 2', 200 {}",
        "'Content-Length: 2|content-length: 2', 200 {}",
        "': nameless|no colon|Content-Length: 2', 200 {}",
        "'Content-Length: 20|Transfer-Encoding: chunked', the connection broke",
    })
    void whatSomethingBetweenDoesToHeadersCrashesNothing(String headers, String expected) throws Exception {
        try (ServerSocket odd = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Future<?> served = threads.submit(() -> {
                while (true) {
                    try (Socket socket = odd.accept()) {
                        socket.getInputStream().read(new byte[4096]);
                        String head = "HTTP/1.1 200 OK\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n{}";
                        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
                    }
                }
            });
            HttpCall call = new HttpCall(
                    URI.create("http://127.0.0.1:" + odd.getLocalPort()), "/v1", Query.NONE, Map.of(), 1_000);

            assertThat(onItsThread(() -> {
                        try {
                            Answer got = new HttpCalls(client, AnswerLimit.of(Duration.ofSeconds(20))).get(call, KEY);
                            return got.status() + " " + new String(got.body(), StandardCharsets.UTF_8);
                        } catch (SourceException e) {
                            return e.getMessage();
                        }
                    }))
                    .contains(expected);
            assertThat(served.isDone()).isFalse();
        }
    }

    @Test
    void aServerThatDoesNotSpeakTlsSaysSo() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Future<Integer> served = threads.submit(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    // as real servers do
                    socket.shutdownOutput();
                    return socket.getInputStream().readAllBytes().length;
                }
            });
            URI base = URI.create("https://127.0.0.1:" + plain.getLocalPort());

            assertThat(failure(new HttpCall(base, "/v1", Query.NONE, Map.of(), 10), Duration.ofSeconds(20)))
                    .hasMessageContaining("TLS failed");
            assertThat(served).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
