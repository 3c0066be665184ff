package io.sequin.source.http;

import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in words why no answer came. */
final class TransportFailure {
    private static final Logger LOG = LoggerFactory.getLogger(TransportFailure.class);

    private TransportFailure() {}

    static RuntimeException of(HttpCall call, Optional<HttpProxy> proxy, ExecutionException failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof AnswerTooLargeException large) {
                return large;
            }
        }
        return unreachable(call, proxy, words(cause), cause);
    }

    /**
     * Names the host only: which call it met first differs from try to try, and a problem's text must not.
     *
     * @param proxy what the call went through
     */
    static SourceException unreachable(
            HttpCall call, Optional<HttpProxy> proxy, String words, @Nullable Throwable cause) {
        String way = proxy.map(p -> " through the proxy " + p.address()).orElse("");
        LOG.info("GET {}{}: {}", call.withoutQuery(), way, words);
        return new SourceException(
                Problem.of(SourceProblem.UNREACHABLE, call.base() + way + ": " + words), null, cause);
    }

    private static String words(Throwable cause) {
        if (has(cause, t -> t instanceof UnresolvedAddressException || t instanceof UnknownHostException)) {
            return "the host name does not resolve";
        }
        if (has(cause, HttpTimeoutException.class::isInstance)) {
            return "no connection or no answer in time";
        }
        if (has(cause, SSLException.class::isInstance)) {
            return "TLS failed: the certificate is not trusted, or something between answered instead";
        }
        if (has(cause, ConnectException.class::isInstance)) {
            return "the connection was refused or there is no route to it";
        }
        if (has(cause, TransportFailure::isRefusedTunnel)) {
            return "the proxy does not let the call through";
        }
        return "the connection broke before the answer was complete ("
                + cause.getClass().getSimpleName() + ")";
    }

    /** The JDK has no type for it. */
    private static boolean isRefusedTunnel(Throwable cause) {
        return cause.getMessage() != null && cause.getMessage().contains("Tunnel failed");
    }

    private static boolean has(Throwable cause, Predicate<Throwable> kind) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (kind.test(t)) {
                return true;
            }
        }
        return false;
    }
}
