package io.sequin.source.http;

import io.sequin.credentials.SecretValue;
import io.sequin.data.Problem;
import io.sequin.network.Deadlines;
import io.sequin.network.http.HttpConnections;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GET and nothing else: no waits, redirects or threads of its own, and no retries, but that the JDK asks once more where a
 * connection ends without an answer, as one does that was kept for too long. Blocks the caller, which has to be a virtual
 * thread, until the whole answer is read; an interrupt ends it promptly and leaves the interrupt flag set. Logs and
 * messages hold neither headers nor queries. Safe for threads.
 */
public final class HttpCalls {
    /** How long a whole answer may take, connecting and body included: as long as Stripe's own clients wait. */
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(80);

    private static final int PROXY_WANTS_LOGIN = 407;
    private static final int ERRORS = 400;

    private static final Logger LOG = LoggerFactory.getLogger(HttpCalls.class);

    private final HttpConnections connections;
    private final Deadlines deadlines;

    public HttpCalls(HttpConnections connections, AnswerLimit limit) {
        this.connections = connections;
        this.deadlines = limit.deadlines();
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
        URI url = call.uri();
        String credential = header(bearer);
        long start = System.nanoTime();
        try (Deadlines.Deadline deadline = deadlines.interrupting()) {
            try {
                Answer answer = ask(call, url, credential);
                LOG.debug(
                        "GET {}: {}, {} bytes in {} ms",
                        call.withoutQuery(),
                        answer.status(),
                        answer.body().length,
                        (System.nanoTime() - start) / 1_000_000);
                return answer;
            } catch (IOException | IllegalArgumentException | IllegalStateException failed) {
                // the JDK's client complains of some answers that it can't read by an unchecked exception
                if (deadline.passed() || isLate(failed)) {
                    throw unreachable(
                            call,
                            url,
                            "no complete answer within " + deadlines.limit().toSeconds() + " s",
                            failed);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw unreachable(call, url, "the call was interrupted", failed);
                }
                throw TransportFailure.of(call, connections.proxy(url), failed);
            }
        }
    }

    /** No byte of the answer for as long as all of it may take; only a connection that does not open is late sooner. */
    private static boolean isLate(Exception failed) {
        return failed instanceof SocketTimeoutException
                && !String.valueOf(failed.getMessage()).startsWith("Connect");
    }

    private Answer ask(HttpCall call, URI url, String credential) throws IOException {
        HttpURLConnection connection = connections.open(url, deadlines.limit());
        boolean complete = false;
        try {
            call.headers().forEach(connection::setRequestProperty);
            connection.setRequestProperty("Authorization", credential);
            int status = connection.getResponseCode();
            // such an answer has no body where a tunnel was asked for
            if (status == PROXY_WANTS_LOGIN) {
                throw unreachable(call, url, TransportFailure.NO_LOGIN, null);
            }
            byte[] body = body(connection, status, call.maxBytes());
            complete = true;
            return new Answer(status, headers(connection), body);
        } finally {
            if (!complete) {
                // else what is left would be read in the background, to take the connection again
                connection.disconnect();
            }
        }
    }

    private static byte[] body(HttpURLConnection connection, int status, int maxBytes) throws IOException {
        InputStream body = status < ERRORS ? connection.getInputStream() : connection.getErrorStream();
        if (body == null) {
            return new byte[0];
        }
        byte[] bytes = read(body, connection.getContentLengthLong(), maxBytes);
        body.close();
        return bytes;
    }

    /** @param announced by the answer's headers; then the body is in memory only once; negative: it is not known */
    private static byte[] read(InputStream body, long announced, int maxBytes) throws IOException {
        if (announced > maxBytes) {
            throw new AnswerTooLargeException(maxBytes);
        }
        if (announced < 0) {
            byte[] all = body.readNBytes(maxBytes);
            if (all.length == maxBytes && body.read() >= 0) {
                throw new AnswerTooLargeException(maxBytes);
            }
            return all;
        }
        byte[] all = new byte[(int) announced];
        // the JDK's client takes a connection that ends before for the end of the body
        if (body.readNBytes(all, 0, all.length) < all.length) {
            throw new EOFException("the body is shorter than announced");
        }
        return all;
    }

    /** Names of headers are the same in capitals and small letters (RFC 9110, section 5.1); something between may mix them. */
    private static HttpHeaders headers(HttpURLConnection connection) {
        Map<String, List<String>> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        connection.getHeaderFields().forEach((name, values) -> {
            // the status line has none
            if (name != null && !name.isBlank()) {
                named.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values);
            }
        });
        return HttpHeaders.of(named, (name, value) -> true);
    }

    private SourceException unreachable(HttpCall call, URI url, String words, @Nullable Throwable cause) {
        return TransportFailure.unreachable(call, connections.proxy(url), words, cause);
    }

    private static String header(SecretValue bearer) {
        String credential = bearer.reveal();
        // the JDK's complaint about a bad header value repeats the value
        if (credential.isEmpty() || !credential.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new SourceException(Problem.of(
                    SourceProblem.AUTHENTICATION_FAILED,
                    "the key in the Secret is empty or has characters that no key has, such as spaces or line breaks"));
        }
        return "Bearer " + credential;
    }
}
