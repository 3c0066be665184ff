package io.sequin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectDialerTest {
    private static final Duration FIVE = Duration.ofSeconds(5);

    /** More than the buffers between hold. */
    private static final byte[] MUCH = new byte[32 * 1_024 * 1_024];

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
    void aServerThatTakesNothingOfWhatIsWrittenIsNotWaitedForForEver() throws IOException {
        try (DirectDialer impatient = new DirectDialer(Duration.ofSeconds(1));
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = impatient.dial(new HostPort("127.0.0.1", server.getLocalPort()), FIVE)) {
            assertThatThrownBy(() -> socket.getOutputStream().write(MUCH))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("took nothing for 1 s");
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void oneThatTakesItSlowlyIs() throws Exception {
        try (DirectDialer impatient = new DirectDialer(Duration.ofSeconds(2));
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = impatient.dial(new HostPort("127.0.0.1", server.getLocalPort()), FIVE);
                Socket accepted = server.accept()) {
            FutureTask<Integer> slow = new FutureTask<>(() -> {
                int taken = 0;
                InputStream in = accepted.getInputStream();
                for (byte[] some = in.readNBytes(MUCH.length / 32); some.length > 0; ) {
                    taken += some.length;
                    Thread.sleep(100);
                    some = in.readNBytes(MUCH.length / 32);
                }
                return taken;
            });
            Thread.startVirtualThread(slow);
            socket.getOutputStream().write(MUCH);
            socket.shutdownOutput();
            assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo(MUCH.length);
        }
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
