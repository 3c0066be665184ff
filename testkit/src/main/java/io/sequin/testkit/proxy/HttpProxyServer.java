package io.sequin.testkit.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP proxy on 127.0.0.1 with CONNECT and plain requests, by Basic login where one is set. It takes every host for
 * one server, whatever its name: so tests can use names that exist nowhere.
 */
public final class HttpProxyServer implements AutoCloseable {
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int MAX_HEAD = 64 << 10;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Optional<String> login;
    private final int refusal;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private HttpProxyServer(InetSocketAddress server, Optional<String> login, int refusal) {
        this.server = server;
        this.login = login;
        this.refusal = refusal;
        try {
            listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException("the HTTP proxy can't listen on 127.0.0.1", e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** For everybody. */
    public static HttpProxyServer to(InetSocketAddress server) {
        return new HttpProxyServer(server, Optional.empty(), 0);
    }

    /** For one user. */
    public static HttpProxyServer to(InetSocketAddress server, String user, String password) {
        return new HttpProxyServer(server, Optional.of(user + ":" + password), 0);
    }

    /** Lets nobody through. */
    public static HttpProxyServer refusing(int status) {
        return new HttpProxyServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), status);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The first line of each request that was let through, such as {@code CONNECT api.example.com:443 HTTP/1.1}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** How many requests came without the login, or with a wrong one. */
    public int refused() {
        return refused.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            for (String head = head(client.getInputStream()); !head.isEmpty(); head = head(client.getInputStream())) {
                if (refusal > 0) {
                    answer(client, refusal + " Refused");
                    continue;
                }
                if (!known(head)) {
                    refused.incrementAndGet();
                    answer(client, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"proxy\"");
                    continue;
                }
                asked.add(head.lines().findFirst().orElse(""));
                try (Socket onward = new Socket(server.getAddress(), server.getPort())) {
                    open.add(onward);
                    if (head.startsWith("CONNECT ")) {
                        write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
                    } else {
                        write(onward, plain(head));
                    }
                    Thread back = Thread.ofVirtual().start(() -> pump(onward, client));
                    pump(client, onward);
                    back.join();
                    return;
                }
            }
        } catch (IOException cut) {
            // one side is gone: the connection ends here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean known(String head) {
        return login.isEmpty()
                || head.lines()
                        .anyMatch(line -> line.equalsIgnoreCase("Proxy-Authorization: Basic "
                                + Base64.getEncoder().encodeToString(login.get().getBytes(StandardCharsets.UTF_8))));
    }

    private static void answer(Socket client, String status, String... headers) throws IOException {
        write(
                client,
                "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n" + String.join("\r\n", headers)
                        + (headers.length == 0 ? "\r\n" : "\r\n\r\n"));
    }

    /** From a proxy's form of a request to a server's; one request a connection. */
    private static String plain(String head) {
        return head.replaceFirst("(?i)^(\\S+) http://[^/ ]+", "$1 ")
                .replaceAll("(?im)^(proxy-authorization|proxy-connection|connection|upgrade|http2-settings):.*\r\n", "")
                .replaceFirst("\r\n", "\r\nConnection: close\r\n");
    }

    /** A request's lines with the empty one; empty at the end of the connection. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < END.length && head.size() < MAX_HEAD) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
            matched = b == END[matched] ? matched + 1 : (b == END[0] ? 1 : 0);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException cut) {
            // the other direction ends as well
        }
    }

    /** Ends all connections. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
