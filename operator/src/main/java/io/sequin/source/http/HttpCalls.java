package io.sequin.source.http;

import io.sequin.credentials.SecretValue;
import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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

    private static final int PROXY_WANTS_LOGIN = 407;

    private static final Logger LOG = LoggerFactory.getLogger(HttpCalls.class);

    private final HttpClient client;
    private final Duration timeout;

    public HttpCalls(HttpClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
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
                client.sendAsync(request, info -> new BoundedBody(call.maxBytes(), announced(info)));
        try {
            HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            // such an answer has no body where a tunnel was asked for
            if (response.statusCode() == PROXY_WANTS_LOGIN) {
                throw unreachable(
                        call, "the proxy wants a user and a password, or does not accept the ones it was given", null);
            }
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
            throw unreachable(call, "the call was interrupted", interrupt);
        } catch (TimeoutException late) {
            pending.cancel(true);
            throw unreachable(call, "no complete answer within " + timeout.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw TransportFailure.of(call, proxy(call), failed);
        }
    }

    private static OptionalLong announced(HttpResponse.ResponseInfo info) {
        try {
            return info.headers().firstValueAsLong("Content-Length");
        } catch (NumberFormatException unreadable) {
            return OptionalLong.empty();
        }
    }

    private SourceException unreachable(HttpCall call, String words, @Nullable Throwable cause) {
        return TransportFailure.unreachable(call, proxy(call), words, cause);
    }

    private Optional<HttpProxy> proxy(HttpCall call) {
        return client.proxy()
                .filter(ProxyChoice.class::isInstance)
                .flatMap(choice -> ((ProxyChoice) choice).of(call.uri()));
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
        // the JDK's client gives it to the proxy alone
        proxy(call).flatMap(HttpProxy::authorization).ifPresent(login -> builder.header("Proxy-Authorization", login));
        return builder.header("Authorization", "Bearer " + credential).GET().build();
    }
}
