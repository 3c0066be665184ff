package io.sequin.source.http;

import io.sequin.credentials.SecretValue;
import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GET and nothing else: no retries, waits, redirects or threads of its own. Blocks the caller, who should be a virtual
 * thread, until the whole answer is read; an interrupt ends it promptly and leaves the interrupt flag set. Logs and
 * messages hold neither headers nor queries. Safe for threads.
 */
public final class HttpCalls {
    /** How long a connection may take to open, where the client is made here. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** How long a whole answer may take, connecting and body included: as long as Stripe's own clients wait. */
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(80);

    private static final Logger LOG = LoggerFactory.getLogger(HttpCalls.class);

    private final HttpClient client;
    private final Duration timeout;

    public HttpCalls(HttpClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    /** A client as sources want it: virtual threads, a bound on connecting, and no redirects (they get no credential). */
    public static HttpClient newClient() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /**
     * The answer, whatever its status.
     *
     * @param bearer put in the {@code Authorization} header
     * @throws SourceException UNREACHABLE where no complete answer came, or the thread was interrupted;
     *     AUTHENTICATION_FAILED where the credential can't be sent in a header
     * @throws AnswerTooLargeException where the body is longer than the call allows
     */
    public Answer get(HttpCall call, SecretValue bearer) {
        HttpRequest request = request(call, bearer);
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, info -> new BoundedBody(call.maxBytes()));
        try {
            HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug(
                    "GET {}: {}, {} bytes in {} ms",
                    call.withoutQuery(),
                    response.statusCode(),
                    response.body().length,
                    (System.nanoTime() - start) / 1_000_000);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException interrupt) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw TransportFailure.unreachable(call, "the call was interrupted", interrupt);
        } catch (TimeoutException late) {
            pending.cancel(true);
            throw TransportFailure.unreachable(call, "no complete answer within " + timeout.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw TransportFailure.of(call, failed);
        }
    }

    private HttpRequest request(HttpCall call, SecretValue bearer) {
        String credential = bearer.reveal();
        // the JDK's complaint about a bad header value repeats the value
        if (credential.isEmpty() || !credential.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new SourceException(Problem.of(
                    SourceProblem.AUTHENTICATION_FAILED,
                    "the key in the Secret is empty or has characters that no key has, such as spaces or line breaks"));
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(call.uri()).timeout(timeout);
        call.headers().forEach(builder::header);
        return builder.header("Authorization", "Bearer " + credential).GET().build();
    }
}
