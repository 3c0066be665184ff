package io.sequin.source.http;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;

/** Makes the client of all sources. */
public final class HttpClients {
    /**
     * Ways to log in to a proxy that the JDK leaves out when it asks for a tunnel: Basic, unless this is set. Read once,
     * by the JDK's client.
     */
    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    private HttpClients() {}

    /**
     * A client as sources want it: virtual threads, a bound on connecting, and no redirects (they get no credential).
     *
     * @param authorities PEM file with certificates to trust beside the JVM's
     * @throws IllegalArgumentException names the file, where it is not what it should be
     */
    public static HttpClient newClient(Proxies proxies, Optional<Path> authorities) {
        if (System.getProperty(TUNNELING) == null) {
            System.setProperty(TUNNELING, "");
        }
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(HttpCalls.CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(new ProxyChoice(proxies))
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        authorities.map(TrustedCertificates::beside).ifPresent(builder::sslContext);
        return builder.build();
    }
}
