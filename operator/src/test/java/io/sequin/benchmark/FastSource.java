package io.sequin.benchmark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source that answers as fast as it can, or so much later, and never changes: a list of charges, newest first, in pages of 100. It is told
 * apart from Stripe by its speed alone.
 */
final class FastSource implements AutoCloseable {
    private static final Pattern AFTER = Pattern.compile("starting_after=ch_(\\d+)");
    private static final int PAGE = 100;

    private final HttpServer server;
    private final int rows;
    private final Duration latency;
    private final AtomicLong requests = new AtomicLong();

    /** @param latency what each page takes, apart from making it */
    FastSource(int rows, Duration latency) {
        this.rows = rows;
        this.latency = latency;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, "{\"object\":\"list\",\"data\":[],\"has_more\":false}"));
        server.createContext(
                "/v1/account", exchange -> answer(exchange, "{\"id\":\"acct_fast\",\"object\":\"account\"}"));
        server.createContext("/v1/charges", exchange -> {
            delay();
            answer(exchange, charges(exchange.getRequestURI()));
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    long requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void delay() throws IOException {
        try {
            Thread.sleep(latency);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", e);
        }
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        requests.incrementAndGet();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private String charges(URI request) {
        String query = request.getRawQuery() == null ? "" : request.getRawQuery();
        Matcher after = AFTER.matcher(query);
        int top = after.find() ? Integer.parseInt(after.group(1)) : rows;
        int bottom = Math.max(0, top - PAGE);
        StringBuilder page = new StringBuilder(PAGE * 1_100).append("{\"object\":\"list\",\"data\":[");
        for (int i = top - 1; i >= bottom; i--) {
            charge(page, i);
            page.append(i > bottom ? "," : "");
        }
        return page.append("],\"has_more\":").append(bottom > 0).append('}').toString();
    }

    private static void charge(StringBuilder page, int i) {
        page.append(String.format(Locale.ROOT, "{\"id\":\"ch_%024d\"", i))
                .append(",\"object\":\"charge\",\"amount\":")
                .append(i)
                .append(",\"amount_captured\":")
                .append(i)
                .append(
                        ",\"amount_refunded\":0,\"billing_details\":{\"address\":{\"city\":\"Springfield\",\"country\":\"US\",\"line1\":\"")
                .append(i)
                .append(
                        " Evergreen Terrace\",\"line2\":null,\"postal_code\":\"97403\",\"state\":\"OR\"},\"email\":\"user")
                .append(i)
                .append("@example.com\",\"name\":\"User Number ")
                .append(i)
                .append("\",\"phone\":null},\"created\":")
                .append(1_600_000_000 + i)
                .append(",\"currency\":\"usd\",\"customer\":\"cus_")
                .append(i)
                .append("\",\"description\":\"Order ")
                .append(i)
                .append(", subscription\",\"invoice\":\"in_")
                .append(i)
                .append("\",\"metadata\":{\"order_id\":\"")
                .append(i)
                .append(
                        "\",\"channel\":\"web\",\"experiment\":\"b1\",\"note\":\"plain\"},\"outcome\":{\"network_status\":"
                                + "\"approved_by_network\",\"reason\":null,\"risk_level\":\"normal\",\"risk_score\":12,"
                                + "\"seller_message\":\"Payment complete.\",\"type\":\"authorized\"},\"paid\":true,\"payment_intent\":\"pi_")
                .append(i)
                .append("\",\"status\":\"succeeded\",\"receipt_url\":\"https://pay.example.com/receipts/")
                .append(i)
                .append("\",\"livemode\":false,\"refunded\":false,\"disputed\":false,\"captured\":true,"
                        + "\"calculated_statement_descriptor\":\"SHOP\"}");
    }
}
