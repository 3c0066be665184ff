package io.sequin.postgres;

import io.sequin.data.HostPort;
import io.sequin.network.Dialer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** How one connection of the driver reaches its server, and how far it came. Used by one connection attempt. */
final class Route {
    /** How far an attempt came. */
    enum Progress {
        NOT_DIALED,
        DIALED,
        TLS_STARTED
    }

    private final Dialer dialer;
    private final HostPort address;
    private final Duration timeout;
    private final @Nullable VerifiedTls tls;
    private volatile Progress progress = Progress.NOT_DIALED;
    private volatile @Nullable SSLSocket secured;

    /**
     * @param tls checks the server's certificate; null: no TLS on this route
     */
    Route(Dialer dialer, HostPort address, Duration timeout, @Nullable VerifiedTls tls) {
        this.dialer = dialer;
        this.address = address;
        this.timeout = timeout;
        this.tls = tls;
    }

    /** A connected socket to the one address of this route. */
    Socket dial() throws IOException {
        Socket socket = dialer.dial(address, timeout);
        if (progress == Progress.NOT_DIALED) {
            progress = Progress.DIALED;
        }
        return socket;
    }

    /** TLS over the socket; the handshake is the caller's. */
    Socket secure(Socket socket, String host, int port, boolean autoClose) throws IOException {
        if (tls == null) {
            throw new IOException("this route has no TLS");
        }
        progress = Progress.TLS_STARTED;
        SSLSocket over = tls.over(socket, host, port, autoClose);
        secured = over;
        return over;
    }

    /** Such as {@code TLSv1.3}; {@code off} without TLS. Known after the handshake. */
    String tlsVersion() {
        SSLSocket socket = secured;
        return socket == null ? "off" : socket.getSession().getProtocol();
    }

    Progress progress() {
        return progress;
    }
}
