package io.sequin.network.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Opens the connections of all sources, by the JDK's blocking client: the thread that asks reads the answer itself, where
 * the asynchronous one passes it through three threads (docs/adr/0034). HTTP/1.1; idle connections are kept and taken
 * again. No redirects, since they get no credential. Safe for threads.
 */
public final class HttpConnections {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * What the JDK reads once, unless it is set. Ways to log in to a proxy that it leaves out when it asks for a tunnel:
     * Basic. How often it sends what was refused, a password too: 20 times. Idle connections that it keeps of one host: 5,
     * and for how many seconds: 5, less than many polls are apart.
     */
    private static final Map<String, String> JDK = Map.of(
            "jdk.http.auth.tunneling.disabledSchemes", "",
            "http.maxRedirects", "2",
            "http.maxConnections", "50",
            "http.keepAlive.time.server", "30",
            "http.keepAlive.time.proxy", "30");

    /**
     * Where the JDK's client writes whole headers at FINE, credentials among them. Held here: a logger that nobody holds
     * is made anew, and talks again.
     */
    private static final Logger HEADERS = Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");

    private final Proxies proxies;

    /** One, since a kept connection is taken again only by who has the same. */
    private final ProxyLogin login;

    private final Optional<SSLSocketFactory> tls;

    private HttpConnections(Proxies proxies, Optional<SSLSocketFactory> tls) {
        this.proxies = proxies;
        this.login = new ProxyLogin(proxies);
        this.tls = tls;
    }

    /** To be called before any client of HTTP is made, since the JDK's heed what is set here. Once more does no harm. */
    public static void prepare() {
        HEADERS.setLevel(Level.OFF);
        JDK.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    /**
     * As the environment and the operator's configuration say.
     *
     * @param authorities PEM file with certificates to trust beside the JVM's
     * @throws IllegalArgumentException names the file, where it is not what it should be
     */
    public static HttpConnections of(Proxies proxies, Optional<Path> authorities) {
        prepare();
        return new HttpConnections(
                proxies, authorities.map(TrustedCertificates::beside).map(context -> context.getSocketFactory()));
    }

    /** What a URL is asked through; empty: it is asked directly. */
    public Optional<HttpProxy> proxy(URI url) {
        return proxies.of(url);
    }

    /**
     * A connection that is not open yet.
     *
     * @param patience how long it may wait for bytes of the answer at a time
     * @throws IOException where the URL is none of HTTP's
     */
    public HttpURLConnection open(URI url, Duration patience) throws IOException {
        Optional<HttpProxy> proxy = proxy(url);
        HttpURLConnection connection = (HttpURLConnection) url.toURL()
                .openConnection(proxy.map(HttpConnections::unresolved).orElse(Proxy.NO_PROXY));
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        if (connection instanceof HttpsURLConnection secure) {
            tls.ifPresent(secure::setSSLSocketFactory);
        }
        connection.setAuthenticator(login);
        return connection;
    }

    /** Its name is looked up for each connection. */
    private static Proxy unresolved(HttpProxy proxy) {
        return new Proxy(
                Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(
                        proxy.address().host(), proxy.address().port()));
    }
}
