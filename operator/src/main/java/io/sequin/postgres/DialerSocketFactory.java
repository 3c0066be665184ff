package io.sequin.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * What the driver gets its sockets from. They are connected already: the driver then doesn't resolve the host name
 * itself, so that the {@link io.sequin.network.Dialer} alone decides how a name is reached.
 */
public final class DialerSocketFactory extends SocketFactory {
    private final Route route;

    /** Called by the driver with the id of an entered route. */
    public DialerSocketFactory(String routeId) {
        this.route = Routes.get(routeId);
    }

    @Override
    public Socket createSocket() throws IOException {
        return route.dial();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return route.dial();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return route.dial();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return route.dial();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localAddress, int localPort) throws IOException {
        return route.dial();
    }
}
