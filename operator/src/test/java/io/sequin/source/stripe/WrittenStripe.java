package io.sequin.source.stripe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.data.SourceConfig;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.Lane;
import io.sequin.source.RequestGates;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A Stripe of one invoice whose every answer is written by a test, and a session with it. */
final class WrittenStripe implements AutoCloseable {
    static final String INVOICE = "/v1/invoices/in_1";
    static final String LINES = INVOICE + "/lines";

    private final Map<String, Reaction> answers = new ConcurrentHashMap<>();
    private final HttpConnections http = HttpConnections.of(Proxies.NONE, Optional.empty());
    private final HttpServer server;
    final SourceSession session;

    record Reaction(int status, String body) {}

    WrittenStripe(RequestGates gates, RateCeiling ceiling) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        SourceContext context = new SourceContext(
                        ref -> SecretValue.of("sk_test_1"),
                        http,
                        Map.of("stripe", uri),
                        "sequin/test",
                        Clock.systemUTC(),
                        gates)
                .of(new ResourceKey("shop", "stripe", "uid"), ceiling);
        SourceConfig config = new SourceConfig(
                "stripe", "{}", Map.of("apiKeySecretRef", new CredentialRef("shop", "stripe", "api-key")));
        session = new StripeConnector().open(config, context);
        answers("/v1/account", new Reaction(200, "{\"id\":\"acct_1\",\"object\":\"account\"}"));
    }

    /** By the path, and the last row read before where there is one. */
    private void answer(HttpExchange exchange) throws IOException {
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        int after = query.indexOf("starting_after=");
        String mark = after < 0 ? "" : " " + query.substring(after).split("[=&]", 3)[1];
        Reaction reaction =
                answers.getOrDefault(exchange.getRequestURI().getPath() + mark, new Reaction(500, "not foreseen"));
        byte[] body = reaction.body().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(reaction.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    void answers(String what, Reaction with) {
        answers.put(what, with);
    }

    /** The lines after this one. */
    void linesAfter(String line, boolean more, String... lines) {
        answers(LINES + " " + line, new Reaction(200, list(more, lines)));
    }

    void invoiceWithTheFirstOfItsLines(String... lines) {
        String invoice = "{\"id\":\"in_1\",\"object\":\"invoice\",\"created\":1,\"lines\":" + list(true, lines) + "}";
        answers(INVOICE, new Reaction(200, invoice));
        answers(
                "/v1/invoices",
                new Reaction(200, "{\"object\":\"list\",\"data\":[" + invoice + "],\"has_more\":false}"));
    }

    Lane firstPass() {
        return session.plan(session.discover(), Instant.now()).stream()
                .filter(lane -> lane.id().value().equals("backfill:invoice"))
                .findFirst()
                .orElseThrow();
    }

    static String list(boolean more, String... lines) {
        List<String> rows = List.of(lines).stream()
                .map(id -> "{\"id\":\"" + id + "\",\"object\":\"line_item\",\"invoice\":\"in_1\"}")
                .toList();
        return "{\"object\":\"list\",\"data\":[" + String.join(",", rows) + "],\"has_more\":" + more + "}";
    }

    static Reaction missing(int status, String param, String message) {
        return new Reaction(
                status,
                "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\",\"param\":\"" + param
                        + "\",\"message\":\"" + message + "\"}}");
    }

    @Override
    public void close() {
        session.close();
        server.stop(0);
    }
}
