package io.sequin.source.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Tells the JDK's client which proxy to take. */
final class ProxyChoice extends ProxySelector {
    private final Proxies proxies;

    ProxyChoice(Proxies proxies) {
        this.proxies = proxies;
    }

    Optional<HttpProxy> of(URI url) {
        return proxies.of(url);
    }

    @Override
    public List<Proxy> select(URI url) {
        return List.of(of(url).map(ProxyChoice::unresolved).orElse(Proxy.NO_PROXY));
    }

    /** Its name is looked up for each connection. */
    private static Proxy unresolved(HttpProxy proxy) {
        return new Proxy(
                Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(
                        proxy.address().host(), proxy.address().port()));
    }

    /** There is no other to try; the call's own failure names it. */
    @Override
    public void connectFailed(URI url, SocketAddress proxy, IOException failure) {}
}
