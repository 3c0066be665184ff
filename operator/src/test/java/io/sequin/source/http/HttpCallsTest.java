package io.sequin.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.sequin.credentials.SecretValue;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One GET over real sockets. */
class HttpCallsTest {
    private static final SecretValue KEY = SecretValue.of("canary-4711");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch release = new CountDownLatch(1);
    private final HttpConnections client = HttpConnections.of(Proxies.NONE, Optional.empty());
    private final AtomicReference<@Nullable String> authorization = new AtomicReference<>();
    private HttpServer server;
    private HttpHandler answer = exchange -> send(exchange, 200, "{}");

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 16);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
            try (exchange) {
                answer.handle(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private HttpCall call(int maxBytes) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new HttpCall(base, "/v1/things", Query.NONE.and("a[b]", "c d&é"), Map.of("X-A", "b"), maxBytes);
    }

    private Answer get(Duration timeout, int maxBytes) {
        return new HttpCalls(client, AnswerLimit.of(timeout)).get(call(maxBytes), KEY);
    }

    private <T> T onItsThread(Callable<T> work) throws Exception {
        return threads.submit(work).get(30, TimeUnit.SECONDS);
    }

    private SourceException failure(HttpCall call, Duration timeout) {
        SourceException e = catchThrowableOfType(
                SourceException.class, () -> new HttpCalls(client, AnswerLimit.of(timeout)).get(call, KEY));
        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNREACHABLE);
        assertThat(e.getMessage()).doesNotContain("canary", "c+d");
        return e;
    }

    @Test
    void theCredentialAndTheQueryArriveAsGiven() {
        AtomicReference<String> query = new AtomicReference<>("");
        answer = exchange -> {
            query.set(exchange.getRequestURI().getRawQuery());
            send(exchange, 418, "teapot");
        };

        Answer got = get(Duration.ofSeconds(20), 100);

        assertThat(got.status()).isEqualTo(418);
        assertThat(new String(got.body(), StandardCharsets.UTF_8)).isEqualTo("teapot");
        assertThat(got.date()).isPresent();
        assertThat(authorization.get()).isEqualTo("Bearer canary-4711");
        assertThat(query.get()).isEqualTo("a%5Bb%5D=c+d%26%C3%A9");
    }

    @Test
    void aBodyAsLongAsAllowedIsReadAndALongerOneIsNot() {
        answer = exchange -> send(exchange, 200, "x".repeat(100_000));

        assertThat(get(Duration.ofSeconds(20), 100_000).body()).hasSize(100_000);
        assertThatThrownBy(() -> get(Duration.ofSeconds(20), 99_999)).isInstanceOf(AnswerTooLargeException.class);
    }

    @Test
    void aRedirectIsNotFollowed() {
        AtomicBoolean followed = new AtomicBoolean();
        answer = exchange -> {
            followed.compareAndSet(false, exchange.getRequestURI().getPath().equals("/elsewhere"));
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            send(exchange, 302, "");
        };

        assertThat(get(Duration.ofSeconds(20), 100).status()).isEqualTo(302);
        assertThat(followed).isFalse();
    }

    @Test
    void anAnswerThatTricklesForLongerThanTheTimeoutIsGivenUp() throws Exception {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(release);
        };

        assertThat(onItsThread(
                        () -> failure(call(10_000), Duration.ofMillis(300)).getMessage()))
                .contains("no complete answer within");
    }

    @Test
    void aDeadlineThatPassedLeavesNoInterruptBehind() throws Exception {
        answer = exchange -> await(release);

        assertThat(onItsThread(() -> {
                    failure(call(10_000), Duration.ofMillis(100));
                    return Thread.currentThread().isInterrupted();
                }))
                .isFalse();
    }

    @Test
    void aBodyWithoutAnAnnouncedLengthIsBoundedToo() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        };

        assertThat(get(Duration.ofSeconds(20), 100_000).body()).hasSize(100_000);
        assertThatThrownBy(() -> get(Duration.ofSeconds(20), 99_999)).isInstanceOf(AnswerTooLargeException.class);
    }

    @Test
    void aConnectionIsTakenAgain() {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        answer = exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            send(exchange, exchange.getRequestURI().getPath().endsWith("things") ? 404 : 200, "no");
        };

        for (int i = 0; i < 20; i++) {
            get(Duration.ofSeconds(20), 100);
        }

        assertThat(ports).hasSize(1);
    }

    @Test
    void aPortWhereNobodyListensIsUnreachable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        HttpCall nobody = new HttpCall(URI.create("http://127.0.0.1:" + port), "/v1", Query.NONE, Map.of(), 10);

        assertThat(failure(nobody, Duration.ofSeconds(20))).hasMessageContaining("the connection was refused");
    }

    @Test
    void anUnknownHostSaysSo() {
        HttpCall unknown = new HttpCall(URI.create("http://nobody.invalid"), "/v1", Query.NONE, Map.of(), 10);

        assertThat(failure(unknown, Duration.ofSeconds(20))).hasMessageContaining("does not resolve");
    }

    @Test
    void anInterruptEndsTheCallAtOnceAndStaysSet() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        answer = exchange -> {
            asked.countDown();
            await(release);
        };
        AtomicReference<@Nullable SourceException> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread lane = Thread.ofVirtual().start(() -> {
            try {
                get(Duration.ofMinutes(5), 100);
            } catch (SourceException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        asked.await();

        lane.interrupt();

        assertThat(lane.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isNotNull();
        assertThat(flag).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
