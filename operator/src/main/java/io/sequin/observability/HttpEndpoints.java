package io.sequin.observability;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /livez}, {@code /readyz} and {@code /metrics}. */
public final class HttpEndpoints implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Opens the port and answers at once.
     *
     * @param port 0: any free one
     * @param live whether this process can do its work at all; if not, it is restarted
     * @param ready whether it serves now
     * @param metrics the text for Prometheus, made for each request
     * @throws UncheckedIOException where the port is taken
     */
    public HttpEndpoints(int port, BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " can't be opened", e);
        }
        server.setExecutor(threads);
        server.createContext("/livez", exchange -> answer(exchange, "/livez", live.getAsBoolean()));
        server.createContext("/readyz", exchange -> answer(exchange, "/readyz", ready.getAsBoolean()));
        server.createContext("/metrics", exchange -> {
            if (isAskedFor(exchange, "/metrics")) {
                send(exchange, HttpURLConnection.HTTP_OK, PROMETHEUS, metrics.get());
            }
        });
        server.start();
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, String path, boolean good) throws IOException {
        if (isAskedFor(exchange, path)) {
            send(
                    exchange,
                    good ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
                    TEXT,
                    good ? "ok\n" : "not ok\n");
        }
    }

    private static boolean isAskedFor(HttpExchange exchange, String path) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            send(exchange, HttpURLConnection.HTTP_NOT_FOUND, TEXT, "try /livez, /readyz or /metrics\n");
            return false;
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, HttpURLConnection.HTTP_BAD_METHOD, TEXT, "only GET\n");
            return false;
        }
        return true;
    }

    private static void send(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
