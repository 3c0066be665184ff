package io.sequin.network.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a URL is asked through, by the variables that curl and others know: {@code https_proxy}, {@code
 * http_proxy}, {@code no_proxy}, each in capitals too; small letters win. This machine itself is always asked directly.
 */
public final class Proxies {
    /** None. */
    public static final Proxies NONE = new Proxies(null, null, new NoProxy(""));

    private static final String HTTPS = "https_proxy";
    private static final String HTTP = "http_proxy";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final @Nullable HttpProxy https;
    private final @Nullable HttpProxy http;
    private final NoProxy direct;

    private Proxies(@Nullable HttpProxy https, @Nullable HttpProxy http, NoProxy direct) {
        this.https = https;
        this.http = http;
        this.direct = direct;
    }

    /**
     * From the environment.
     *
     * @throws IllegalArgumentException names the variable and never its value, which may hold a password
     */
    public static Proxies of(Map<String, String> environment) {
        return new Proxies(
                proxy(environment, HTTPS),
                proxy(environment, HTTP),
                new NoProxy(variable(environment, "no_proxy")
                        .map(Map.Entry::getValue)
                        .orElse("")));
    }

    private static @Nullable HttpProxy proxy(Map<String, String> environment, String name) {
        return variable(environment, name)
                .map(set -> HttpProxy.parse(set.getKey(), set.getValue()))
                .orElse(null);
    }

    private static Optional<Map.Entry<String, String>> variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .filter(environment::containsKey)
                .map(key -> Map.entry(key, environment.getOrDefault(key, "").strip()))
                .findFirst()
                .filter(set -> !set.getValue().isEmpty());
    }

    /** The proxy for this URL; empty: it is asked directly. */
    public Optional<HttpProxy> of(URI url) {
        if (url.getHost() == null) {
            return Optional.empty();
        }
        boolean tls = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() < 0 ? (tls ? HTTPS_PORT : HTTP_PORT) : url.getPort();
        return Optional.ofNullable(tls ? https : http).filter(p -> !direct.contains(url.getHost(), port));
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return https == null && http == null;
    }
}
