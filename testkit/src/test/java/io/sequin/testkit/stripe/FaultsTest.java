package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final FakeStripe stripe = FakeStripe.start();
    private final FakeClient client = new FakeClient(stripe);

    @BeforeEach
    void seed() {
        stripe.data().seed(1, 30, 30, 30);
    }

    @AfterEach
    void stop() {
        stripe.close();
    }

    @Test
    void rateLimitingComesWithAndWithoutRetryAfter() throws IOException {
        stripe.faults()
                .add(FaultRule.always(new Fault.RateLimited(Optional.of(Duration.ofSeconds(3))))
                        .times(1));
        stripe.faults()
                .add(FaultRule.always(new Fault.RateLimited(Optional.empty())).times(1));

        HttpResponse<String> with = client.get("/v1/customers");
        HttpResponse<String> without = client.get("/v1/customers");
        HttpResponse<String> fine = client.get("/v1/customers");

        assertThat(with.statusCode()).isEqualTo(429);
        assertThat(with.headers().firstValue("Retry-After")).contains("3");
        assertThat(with.body()).contains("\"code\":\"rate_limit\"").contains("\"type\":\"invalid_request_error\"");
        assertThat(without.statusCode()).isEqualTo(429);
        assertThat(without.headers().firstValue("Retry-After")).isEmpty();
        assertThat(fine.statusCode()).isEqualTo(200);
    }

    @Test
    void aLimitAllowsSoManyRequestsInAnInterval() throws IOException {
        stripe.faults().limit("/v1/", 5, Duration.ofSeconds(2), true);
        List<Integer> statuses = new ArrayList<>();
        long start = System.nanoTime();
        do {
            statuses.add(client.get("/v1/products?limit=1").statusCode());
        } while (statuses.size() < 6 || System.nanoTime() - start < 1_000_000_000L);

        assertThat(statuses).startsWith(200, 200, 200, 200, 200);
        assertThat(statuses).contains(429);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/v1/products?limit=1").statusCode() == 200);
    }

    @Test
    void aRuleIsLimitedToAPathAndToEachNthRequest() throws IOException {
        stripe.faults()
                .add(FaultRule.always(new Fault.ServerError(503))
                        .onPath("/v1/charges")
                        .everyNth(3));

        List<Integer> charges = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            charges.add(client.get("/v1/charges").statusCode());
            assertThat(client.get("/v1/customers").statusCode()).isEqualTo(200);
        }

        assertThat(charges).containsExactly(200, 200, 503, 200, 200, 503);
    }

    @Test
    void oneTableCanBeForbidden() throws IOException {
        stripe.faults().add(FaultRule.always(new Fault.Forbidden()).onPath("/v1/charges"));

        assertThat(client.get("/v1/charges").body()).contains("rak_charge_read");
        assertThat(client.get("/v1/customers").statusCode()).isEqualTo(200);
    }

    @Test
    void aDroppedBodyIsAnErrorOfTheConnectionAndATruncatedOneIsNot() throws IOException {
        stripe.faults().add(FaultRule.always(new Fault.DropMidBody()).times(1));
        assertThatThrownBy(() -> client.get("/v1/customers?limit=30")).isInstanceOf(IOException.class);

        stripe.faults().clear();
        String whole = client.get("/v1/customers?limit=30").body();
        stripe.faults().add(FaultRule.always(new Fault.TruncatedBody()).times(1));
        String half = client.get("/v1/customers?limit=30").body();

        assertThat(whole).startsWith(half);
        assertThat(half.length()).isLessThan(whole.length());
    }

    @Test
    void aSlowAnswerComesLate() throws IOException {
        stripe.faults().add(FaultRule.always(new Fault.Delay(Duration.ofMillis(300))));
        long start = System.nanoTime();

        assertThat(client.get("/v1/customers").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aDelayAndAnotherFaultHappenTogether() throws IOException {
        StripeFaults.Active delay = stripe.faults().add(FaultRule.always(new Fault.Delay(Duration.ofMillis(50))));
        stripe.faults().add(FaultRule.always(new Fault.ServerError(500)).times(1));

        assertThat(client.get("/v1/customers").statusCode()).isEqualTo(500);
        assertThat(client.get("/v1/customers").statusCode()).isEqualTo(200);
        assertThat(delay.fired()).isEqualTo(2);
    }

    @Test
    void aHangingRequestGetsNoAnswerAndEndsWithTheFault() {
        StripeFaults.Active hang = stripe.faults().add(FaultRule.always(new Fault.Hang()));
        try (HttpClient http = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> pending =
                    http.sendAsync(client.request("/v1/customers").build(), HttpResponse.BodyHandlers.ofString());
            await().atMost(Duration.ofSeconds(20)).until(() -> hang.fired() == 1);
            assertThat(pending).isNotDone();

            hang.close();

            // the client of the JDK sends a GET again where the connection ended without an answer
            assertThat(pending).succeedsWithin(Duration.ofSeconds(20));
            assertThat(stripe.requests().all())
                    .extracting(LoggedRequest::status)
                    .containsExactly(0, 200);
        }
    }

    @Test
    void anAnswerThatIsHeldBackIsOlderThanWhatHappensMeanwhile() throws IOException {
        String id = stripe.data().create(StripeObjectType.CUSTOMER, c -> c.put("name", "before"));
        StripeFaults.Active held =
                stripe.faults().add(FaultRule.always(new Fault.HeldBack()).onlyPath("/v1/customers"));
        try (HttpClient http = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> pending =
                    http.sendAsync(client.request("/v1/customers").build(), HttpResponse.BodyHandlers.ofString());
            await().atMost(Duration.ofSeconds(20)).until(() -> stripe.requests().count("/v1/customers") == 1);
            stripe.data().update(StripeObjectType.CUSTOMER, id, c -> c.put("name", "after"));
            assertThat(client.get("/v1/customers/" + id).body()).contains("after");
            assertThat(pending).isNotDone();

            held.close();

            assertThat(pending)
                    .succeedsWithin(Duration.ofSeconds(20))
                    .satisfies(answer -> assertThat(answer.body()).contains("before"));
        }
    }

    @Test
    void theLogHasEveryRequestAndNoKey() throws IOException {
        FakeClient.send(client.request("/v1/customers?limit=3&created%5Bgte%5D=5")
                .header("Stripe-Version", "2026-08-26.dahlia"));
        client.get("/v1/nothing");
        FakeClient.send(HttpRequest.newBuilder(stripe.baseUri().resolve("/v1/charges")));

        List<LoggedRequest> log = stripe.requests().all();
        assertThat(log).extracting(LoggedRequest::status).containsExactly(200, 404, 401);
        assertThat(log.getFirst().query()).isEqualTo("limit=3&created%5Bgte%5D=5");
        assertThat(log.getFirst().stripeVersion()).contains("2026-08-26.dahlia");
        assertThat(log.getFirst().account()).contains(FakeStripe.ACCOUNT);
        assertThat(log.getLast().account()).isEmpty();
        assertThat(stripe.requests().count("/v1/customers")).isEqualTo(1);
        assertThat(stripe.requests().total()).isEqualTo(3);
        assertThat(log.toString()).doesNotContain(FakeStripe.TEST_KEY).doesNotContain("Bearer");
    }

    @Test
    void aKeyMayComeAsBasicUserName() throws IOException {
        String basic = Base64.getEncoder().encodeToString((FakeStripe.TEST_KEY + ":").getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> answer =
                FakeClient.send(HttpRequest.newBuilder(stripe.baseUri().resolve("/v1/account"))
                        .header("Authorization", "Basic " + basic));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(FakeStripe.ACCOUNT);
    }
}
