package io.sequin.source.http;

import io.sequin.data.Problem;
import io.sequin.network.http.HttpProxy;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in words why no answer came. */
final class TransportFailure {
    /** What a proxy says by its status 407. */
    static final String NO_LOGIN = "the proxy wants a user and a password, or does not accept the ones it was given";

    private static final Logger LOG = LoggerFactory.getLogger(TransportFailure.class);

    private TransportFailure() {}

    static SourceException of(HttpCall call, Optional<HttpProxy> proxy, Exception failed) {
        return unreachable(call, proxy, words(failed), failed);
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
        if (has(cause, UnknownHostException.class::isInstance)) {
            return "the host name does not resolve";
        }
        if (has(cause, SocketTimeoutException.class::isInstance)) {
            return "no connection in time";
        }
        if (has(cause, SSLException.class::isInstance)) {
            return "TLS failed: the certificate is not trusted, or something between answered instead";
        }
        if (has(cause, t -> t instanceof ConnectException || t instanceof NoRouteToHostException)) {
            return "the connection was refused or there is no route to it";
        }
        if (has(cause, t -> isRefusedTunnel(t, " 407"))) {
            return NO_LOGIN;
        }
        if (has(cause, t -> isRefusedTunnel(t, ""))) {
            return "the proxy does not let the call through";
        }
        return "the connection broke before the answer was complete ("
                + cause.getClass().getSimpleName() + ")";
    }

    /** The JDK has no type for it; its words end with the proxy's status line. */
    private static boolean isRefusedTunnel(Throwable cause, String status) {
        String words = String.valueOf(cause.getMessage());
        return words.startsWith("Unable to tunnel through proxy") && words.contains(status);
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
