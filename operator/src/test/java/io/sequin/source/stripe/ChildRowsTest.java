package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sequin.WideBudgets;
import io.sequin.credentials.SecretValue;
import io.sequin.data.Change;
import io.sequin.data.CredentialRef;
import io.sequin.data.RowKey;
import io.sequin.data.SourceConfig;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import io.sequin.source.http.HttpClients;
import io.sequin.source.http.Proxies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes, or is refused, between two pages of one parent's rows: each answer is written by the test. */
class ChildRowsTest {
    private static final String LINES = "/v1/invoices/in_1/lines";
    private static final Change.Hint HINT = new Change.Hint("invoice_line_item", RowKey.of("in_1"), false);

    private final Map<String, Reaction> answers = new HashMap<>();
    private final HttpClient http = HttpClients.newClient(Proxies.NONE, Optional.empty());
    private HttpServer server;
    private SourceSession session;

    private record Reaction(int status, String body) {}

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 16);
        server.createContext("/", this::answer);
        server.start();
        SourceContext context = new SourceContext(
                ref -> SecretValue.of("sk_test_1"),
                http,
                Map.of(
                        "stripe",
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "sequin/test",
                Clock.systemUTC(),
                WideBudgets.create());
        SourceConfig config = new SourceConfig(
                "stripe", "{}", Map.of("apiKeySecretRef", new CredentialRef("shop", "stripe", "api-key")));
        session = new StripeConnector().open(config, context);
        answers.put("/v1/account", new Reaction(200, "{\"id\":\"acct_1\",\"object\":\"account\"}"));
    }

    @AfterEach
    void close() {
        session.close();
        server.stop(0);
        http.shutdownNow();
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

    private void invoiceWithTheFirstOfItsLines(String... lines) {
        answers.put(
                "/v1/invoices/in_1",
                new Reaction(200, "{\"id\":\"in_1\",\"object\":\"invoice\",\"lines\":" + list(true, lines) + "}"));
    }

    private static String list(boolean more, String... lines) {
        List<String> rows = List.of(lines).stream()
                .map(id -> "{\"id\":\"" + id + "\",\"object\":\"line_item\",\"invoice\":\"in_1\"}")
                .toList();
        return "{\"object\":\"list\",\"data\":[" + String.join(",", rows) + "],\"has_more\":" + more + "}";
    }

    private static Reaction missing(int status, String param, String message) {
        return new Reaction(
                status,
                "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\",\"param\":\"" + param
                        + "\",\"message\":\"" + message + "\"}}");
    }

    private List<String> linesInTheWholeSet() {
        List<Change.ChildSet> sets = session.fetch(List.of(HINT)).stream()
                .map(Change.ChildSet.class::cast)
                .toList();
        assertThat(sets.getLast().complete()).isTrue();
        return sets.stream()
                .flatMap(set -> set.rows().stream())
                .map(row -> row.key().parts().getFirst())
                .toList();
    }

    @Test
    void aListThatIsReadAnewDropsWhatItsParentBrought() {
        invoiceWithTheFirstOfItsLines("il_1", "il_gone");
        answers.put(LINES + " il_gone", missing(400, "starting_after", "No such line_item: 'il_gone'"));
        answers.put(LINES, new Reaction(200, list(false, "il_1", "il_2")));

        assertThat(linesInTheWholeSet()).containsExactly("il_1", "il_2");
    }

    @Test
    void aListThatGoesOnKeepsWhatItsParentBrought() {
        invoiceWithTheFirstOfItsLines("il_1", "il_2");
        answers.put(LINES + " il_2", new Reaction(200, list(true, "il_3")));
        answers.put(LINES + " il_3", new Reaction(200, list(false, "il_4")));

        assertThat(linesInTheWholeSet()).containsExactly("il_1", "il_2", "il_3", "il_4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoice", "id", "a_name_that_we_do_not_know"})
    void aParentThatGoesMeanwhileHasNoRows(String param) {
        invoiceWithTheFirstOfItsLines("il_1");
        answers.put(LINES + " il_1", new Reaction(200, list(true, "il_2")));
        answers.put(LINES + " il_2", missing(404, param, "No such invoice: 'in_1'"));

        assertThat(session.fetch(List.of(HINT)))
                .containsExactly(new Change.ChildSet("invoice_line_item", RowKey.of("in_1"), true, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void thatSomethingElseIsMissingSaysNothingOfTheRows(int status) {
        invoiceWithTheFirstOfItsLines("il_1");
        answers.put(LINES + " il_1", missing(status, "customer", "No such customer: 'cus_1'"));

        SourceException e = catchThrowableOfType(SourceException.class, () -> session.fetch(List.of(HINT)));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
        assertThat(e.table()).contains("invoice_line_item");
    }

    @Test
    void aParentInTheOtherModeIsAnotherKeyAndNoMissingParent() {
        answers.put(
                "/v1/setup_attempts",
                missing(
                        400,
                        "setup_intent",
                        "No such setup_intent: 'seti_1'; a similar object exists in live mode, but a test mode key was"
                                + " used to make this request."));

        SourceException e = catchThrowableOfType(
                SourceException.class,
                () -> session.fetch(List.of(new Change.Hint("setup_attempt", RowKey.of("seti_1"), false))));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.ACCOUNT_CHANGED);
    }
}
