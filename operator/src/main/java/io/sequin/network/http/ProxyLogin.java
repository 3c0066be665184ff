package io.sequin.network.http;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells the JDK's client how to log in to a proxy that asks for it, and to nothing else. */
final class ProxyLogin extends Authenticator {
    private final Proxies proxies;

    ProxyLogin(Proxies proxies) {
        this.proxies = proxies;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        if (getRequestorType() != RequestorType.PROXY) {
            return null;
        }
        Optional<HttpProxy> asks = proxies.of(URI.create(getRequestingURL().toString()));
        return asks.flatMap(HttpProxy::login).orElse(null);
    }
}
