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
        TLS_STARTED,
        TLS_DONE
    }

    /** The protocol of a session that never came about. */
    private static final String NO_SESSION = "NONE";

    private final Dialer dialer;
    private final HostPort address;
    private final Duration timeout;
    private final @Nullable ClientTls tls;
    private volatile Progress progress = Progress.NOT_DIALED;
    private volatile @Nullable SSLSocket secured;
    private volatile HostPort peer;

    /**
     * @param tls checks the server's certificate; null: no TLS on this route
     */
    Route(Dialer dialer, HostPort address, Duration timeout, @Nullable ClientTls tls) {
        this.dialer = dialer;
        this.address = address;
        this.peer = address;
        this.timeout = timeout;
        this.tls = tls;
    }

    /** A connected socket to the one address of this route. */
    Socket dial() throws IOException {
        Socket socket = dialer.dial(address, timeout);
        if (progress == Progress.NOT_DIALED) {
            progress = Progress.DIALED;
            peer = new HostPort(socket.getInetAddress().getHostAddress(), socket.getPort());
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

    /** The connection that came about; ask after the handshake. */
    Link link() {
        SSLSocket socket = secured;
        return socket == null || tls == null
                ? new Link(peer, Link.PLAIN, false)
                : new Link(peer, socket.getSession().getProtocol(), tls.authenticates());
    }

    /** Ask when the attempt is over: the session of a socket that is still connecting would wait for the handshake. */
    Progress progress() {
        SSLSocket socket = secured;
        boolean done = socket != null && !NO_SESSION.equals(socket.getSession().getProtocol());
        return done ? Progress.TLS_DONE : progress;
    }
}
