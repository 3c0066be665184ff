package io.sequin.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** What the driver puts TLS on its sockets with; the trust comes from the route, in memory. */
public final class RouteTlsSocketFactory extends SSLSocketFactory {
    private final Route route;

    /** Called by the driver with the id of an entered route. */
    public RouteTlsSocketFactory(String routeId) {
        this.route = Routes.get(routeId);
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return route.secure(socket, host, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return ((SSLSocketFactory) SSLSocketFactory.getDefault()).getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return ((SSLSocketFactory) SSLSocketFactory.getDefault()).getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("TLS is put on a dialed socket only");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw new IOException("TLS is put on a dialed socket only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("TLS is put on a dialed socket only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localAddress, int localPort) throws IOException {
        throw new IOException("TLS is put on a dialed socket only");
    }
}
