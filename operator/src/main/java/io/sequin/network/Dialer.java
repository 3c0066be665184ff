package io.sequin.network;

import io.sequin.data.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** Makes TCP connections to hosts that users name. Pools and probes use the same one. */
public interface Dialer extends AutoCloseable {
    /**
     * A connected socket, which ends by itself where the other side falls silent, also in the middle of a write.
     *
     * @throws IOException as the JDK does: {@link java.net.UnknownHostException}, {@link java.net.ConnectException},
     *     {@link java.net.SocketTimeoutException}, …
     */
    Socket dial(HostPort to, Duration timeout) throws IOException;

    @Override
    void close();
}
