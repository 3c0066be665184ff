package io.sequin.network.http;

import io.sequin.credentials.SecretValue;
import io.sequin.data.HostPort;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An HTTP proxy.
 *
 * @param user and {@code password}: where it wants to know who asks
 */
public record HttpProxy(HostPort address, Optional<String> user, SecretValue password) {
    private static final int DEFAULT_PORT = 80;
    private static final int MOST_PORT = 65_535;

    /**
     * From the text of a variable: {@code http://user:password@host:port}; the scheme, the user and the port may be left
     * out, the port then is 80.
     *
     * @param name of the variable, for messages, which never repeat the text
     * @throws IllegalArgumentException where it is not an HTTP proxy
     */
    static HttpProxy parse(String name, String text) {
        String url = text.strip();
        try {
            URI uri = new URI(url.contains("://") ? url : "http://" + url);
            if (!"http".equalsIgnoreCase(uri.getScheme())) {
                throw invalid(name, "only proxies with scheme http are supported, and they carry https too");
            }
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            if (uri.getHost() == null || port == 0 || port > MOST_PORT) {
                throw invalid(name, "give a URL such as http://proxy.example.com:3128");
            }
            String host = uri.getHost().replaceAll("^\\[|]$", "");
            String login = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
            int colon = login.indexOf(':');
            String user = decoded(colon < 0 ? login : login.substring(0, colon));
            return new HttpProxy(
                    new HostPort(host, port),
                    user.isEmpty() ? Optional.empty() : Optional.of(user),
                    SecretValue.of(colon < 0 ? "" : decoded(login.substring(colon + 1))));
        } catch (URISyntaxException e) {
            throw invalid(
                    name,
                    "it is not a URL such as http://proxy.example.com:3128; in a user or a password"
                            + " write special characters as %40 and the like");
        }
    }

    /** What tells the proxy who asks; empty where no user is set. */
    Optional<PasswordAuthentication> login() {
        return user.map(
                name -> new PasswordAuthentication(name, password.reveal().toCharArray()));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException invalid(String name, String why) {
        return new IllegalArgumentException("environment variable " + name + ": " + why);
    }
}
