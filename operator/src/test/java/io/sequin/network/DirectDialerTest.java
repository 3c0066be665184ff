package io.sequin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectDialerTest {
    private static final Duration FIVE = Duration.ofSeconds(5);

    private final DirectDialer dialer = new DirectDialer();

    @AfterEach
    void close() {
        dialer.close();
    }

    @Test
    void givesAConnectedSocketWithKeepalive() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = dialer.dial(new HostPort("localhost", server.getLocalPort()), FIVE)) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getTcpNoDelay()).isTrue();
        }
    }

    @Test
    void anUnknownNameAndAClosedPortAreToldApart() {
        assertThatThrownBy(() -> dialer.dial(new HostPort("no-such-host.invalid", 1), FIVE))
                .isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> dialer.dial(new HostPort("127.0.0.1", 1), FIVE))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void anInterruptedThreadDoesNotDialAndKeepsItsFlag() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> dialer.dial(new HostPort("no-such-host.invalid", 1), FIVE))
                    .isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void theOrderIsTheSameHoweverTheNameServerRotatesItsAnswer() throws UnknownHostException {
        InetAddress two = InetAddress.getByName("10.0.0.2");
        InetAddress nine = InetAddress.getByName("10.0.0.9");
        InetAddress high = InetAddress.getByName("200.0.0.1");
        InetAddress six = InetAddress.getByName("2001:db8::1");
        InetAddress[] order = {two, nine, high, six};
        assertThat(DirectDialer.inOneOrder(new InetAddress[] {nine, high, two, six}))
                .containsExactly(order);
        assertThat(DirectDialer.inOneOrder(new InetAddress[] {high, two, six, nine}))
                .containsExactly(order);
        assertThat(DirectDialer.inOneOrder(new InetAddress[] {six, two}))
                .as("the resolver's preferred family stays first")
                .containsExactly(six, two);
    }
}
