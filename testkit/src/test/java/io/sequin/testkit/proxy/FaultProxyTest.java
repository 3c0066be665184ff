package io.sequin.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private final ServerSocket echo = listen();
    private final FaultProxy proxy = FaultProxy.to(echo.getInetAddress().getHostAddress(), echo.getLocalPort());

    @BeforeEach
    void echoEverything() {
        Thread.ofVirtual().start(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket socket = echo.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesBothWaysAndTheEndToo() throws IOException {
        try (Socket client = connect()) {
            send(client, "hello");
            client.shutdownOutput();

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
        }
        assertThat(proxy.accepted()).isOne();
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> proxy.connections() == 0);
    }

    @Test
    void refusesNewConnectionsOnlyAndListensAgainOnTheSamePort() throws IOException {
        try (Socket old = connect()) {
            assertThat(ask(old, "a")).isEqualTo("a");
            int port = proxy.port();

            proxy.refuse();

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(ask(old, "b")).isEqualTo("b");

            proxy.heal();
            try (Socket fresh = connect()) {
                assertThat(ask(fresh, "c")).isEqualTo("c");
            }
            assertThat(proxy.port()).isEqualTo(port);
        }
    }

    @Test
    void resetsOpenConnectionsAndWelcomesNewOnes() throws IOException {
        try (Socket first = connect();
                Socket second = connect()) {
            assertThat(ask(first, "a") + ask(second, "b")).isEqualTo("ab");

            proxy.cutAll();

            assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> second.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket fresh = connect()) {
            assertThat(ask(fresh, "c")).isEqualTo("c");
        }
    }

    @Test
    void cutsOnceAfterTheGivenNumberOfBytes() throws IOException {
        proxy.cutAfter(Direction.TO_CLIENT, 6);
        try (Socket client = connect()) {
            assertThat(ask(client, "1234")).isEqualTo("1234");
            send(client, "567890");

            assertThatThrownBy(() -> new String(client.getInputStream().readNBytes(6), StandardCharsets.UTF_8))
                    .isInstanceOf(SocketException.class);
        }
        try (Socket fresh = connect()) {
            assertThat(ask(fresh, "a long answer passes again")).isEqualTo("a long answer passes again");
        }
    }

    @Test
    void cutsRightAfterTheLastByteWhenItEndsAPiece() throws IOException {
        proxy.cutAfter(Direction.TO_SERVER, 4);
        try (Socket client = connect()) {
            send(client, "1234");

            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void losesAnswersWithoutTellingAnyoneAndPassesThemOnWhenHealed() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "a")).isEqualTo("a");
            proxy.freeze(Direction.TO_CLIENT);
            client.setSoTimeout(300);
            send(client, "late");

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();
            client.setSoTimeout(20_000);
            assertThat(read(client, 4)).isEqualTo("late");
        }
    }

    @Test
    void staysSilentForNewConnectionsWhenFrozenUntilTheyAreCut() throws IOException {
        proxy.freeze();
        try (Socket client = connect()) {
            client.setSoTimeout(300);
            send(client, "anyone?");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> proxy.connections() == 1);

            proxy.cutAll();

            client.setSoTimeout(20_000);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> proxy.connections() == 0);
        }
    }

    @Test
    void holdsEachPieceUp() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "quick")).isEqualTo("quick");
            proxy.delay(Duration.ofMillis(150));
            long begin = System.nanoTime();

            assertThat(ask(client, "slow")).isEqualTo("slow");

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void resetsTheClientWhereNoServerListens() throws IOException {
        // a port that is taken, so that nobody else listens there meanwhile, and at which nobody does
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (FaultProxy nowhere =
                            FaultProxy.to(InetAddress.getLoopbackAddress().getHostAddress(), taken.getLocalPort());
                    Socket client = connect(nowhere)) {
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    private Socket connect() throws IOException {
        return connect(proxy);
    }

    private static Socket connect(FaultProxy proxy) throws IOException {
        Socket socket = new Socket(proxy.host(), proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String ask(Socket socket, String text) throws IOException {
        send(socket, text);
        return read(socket, text.length());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Socket socket, int bytes) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException cut) {
            // the proxy's faults are what the tests are about; a client sees them on its own side
            Thread.currentThread().interrupt();
        }
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException("cannot listen", e);
        }
    }
}
