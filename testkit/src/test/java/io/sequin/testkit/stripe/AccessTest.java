package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may read what, and how much at once. */
class AccessTest {
    private static final String CONNECTED = "acct_1Connected";

    private final FakeStripe stripe = FakeStripe.start();
    private final FakeClient client = new FakeClient(stripe);

    @AfterEach
    void stop() {
        stripe.close();
    }

    @Test
    void aPlatformReadsAConnectedAccountByTheHeader() throws IOException {
        stripe.connect(FakeStripe.ACCOUNT, CONNECTED);
        String id = stripe.data(CONNECTED, false).create(StripeObjectType.CUSTOMER);

        assertThat(as(CONNECTED, "/v1/customers").body()).contains(id);
        assertThat(as(CONNECTED, "/v1/account").body()).contains(CONNECTED);
        assertThat(client.json("/v1/customers").get("data")).isEmpty();
        assertThat(client.json("/v1/accounts").at("/data/0/id").textValue()).isEqualTo(CONNECTED);
        assertThat(as(FakeStripe.ACCOUNT, "/v1/customers").statusCode()).isEqualTo(200);
        assertThat(stripe.requests().all().getFirst().account()).contains(CONNECTED);

        stripe.disconnect(FakeStripe.ACCOUNT, CONNECTED);
        HttpResponse<String> refused = as(CONNECTED, "/v1/customers");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(error(refused).get("code").textValue()).isEqualTo("account_invalid");
        assertThat(error(refused).get("message").textValue()).contains("does not have access to account '" + CONNECTED);
    }

    @Test
    void aRestrictedKeyNeedsThePermissionOfTheParentForItsChildren() throws IOException {
        stripe.data().seedAll(3, 2);
        StripeObjectType invoices = StripeObjectType.of("invoice");
        String invoice = stripe.data().truth(invoices).keySet().iterator().next();
        String key = "rk_test_withoutinvoices";
        stripe.keys().add(ApiKey.restricted(key, FakeStripe.ACCOUNT, StripePermission.allBut(invoices.permission())));
        FakeClient restricted = new FakeClient(stripe, key);

        HttpResponse<String> refused = restricted.get("/v1/invoices/" + invoice + "/lines");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Having the 'rak_invoice_read' permission would allow this request");
        assertThat(restricted.get("/v1/invoiceitems").statusCode()).isEqualTo(200);
        stripe.keys().permit(key, Set.of(invoices.permission()));
        assertThat(restricted.get("/v1/invoices/" + invoice + "/lines").statusCode())
                .isEqualTo(200);
        assertThat(restricted.get("/v1/invoiceitems").statusCode()).isEqualTo(403);
    }

    @Test
    void whatTheAccountIsNotSetUpForIsRefused() throws IOException {
        stripe.data().products().remove("issuing");

        HttpResponse<String> refused = client.get("/v1/issuing/cards");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error(refused).get("message").textValue()).startsWith("Your account is not set up to use Issuing.");
        assertThat(client.get("/v1/treasury/financial_accounts").statusCode()).isEqualTo(200);
        stripe.data().products().add("issuing");
        assertThat(client.get("/v1/issuing/cards").statusCode()).isEqualTo(200);
    }

    @Test
    void eachEndpointHasItsOwnLimitInEachAccount() throws IOException {
        stripe.keys().add(ApiKey.secret("sk_test_another", "acct_another"));
        stripe.faults().limitEachEndpoint(2, Duration.ofMinutes(1), true);

        assertThat(client.get("/v1/invoices").statusCode()).isEqualTo(200);
        assertThat(client.get("/v1/invoices/in_nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = client.get("/v1/invoices");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Stripe-Rate-Limited-Reason")).contains("endpoint-rate");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 60L);
        assertThat(client.get("/v1/prices").statusCode()).isEqualTo(200);
        assertThat(new FakeClient(stripe, "sk_test_another").get("/v1/invoices").statusCode())
                .isEqualTo(200);
    }

    @Test
    void oneRequestTooManyAtATimeIsRefused() throws Exception {
        stripe.faults().limitConcurrency(1);
        StripeFaults.Active hang =
                stripe.faults().add(FaultRule.always(new Fault.Hang()).onPath("/v1/prices"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = threads.submit(() -> client.get("/v1/prices"));
            await().atMost(Duration.ofSeconds(20)).until(() -> hang.fired() == 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> client.get("/v1/plans").statusCode() == 429);

            HttpResponse<String> refused = client.get("/v1/plans");
            assertThat(refused.headers().firstValue("Stripe-Rate-Limited-Reason"))
                    .contains("global-concurrency");

            hang.close();
            assertThat(first.get().statusCode()).isEqualTo(200);
            assertThat(client.get("/v1/plans").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anObjectInUseIsLocked() throws IOException {
        stripe.faults().add(FaultRule.always(new Fault.Locked()).times(1));

        HttpResponse<String> refused = client.get("/v1/invoices");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(error(refused).get("code").textValue()).isEqualTo("lock_timeout");
    }

    @Test
    void aParameterThatNoDocumentKnowsIsRefusedAndOneThatTheFakeCannotHonourToo() {
        assertThat(client.json("/v1/invoices?nonsense=1").at("/error/code").textValue())
                .isEqualTo("parameter_unknown");
        assertThat(client.json("/v1/prices?recurring[interval]=month")
                        .at("/error/message")
                        .textValue())
                .isEqualTo("The fake Stripe does not filter by recurring.");
        assertThat(client.json("/v1/payment_records?created_after=5")
                        .at("/error/param")
                        .textValue())
                .isEqualTo("created_after");
        assertThat(client.json("/v1/payouts?arrival_date[gte]=5").get("data")).isEmpty();
    }

    private HttpResponse<String> as(String account, String path) throws IOException {
        return FakeClient.send(client.request(path).header("Stripe-Account", account));
    }

    private static JsonNode error(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body()).get("error");
    }
}
