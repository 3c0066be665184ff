package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenApiShapeTest {
    /** Shown only where a request expands them. */
    private static final Map<StripeObjectType, Set<String>> EXPANDED_ONLY = Map.of(
            StripeObjectType.CUSTOMER,
            Set.of("cash_balance", "invoice_credit_balance", "sources", "subscriptions", "tax", "tax_ids"),
            StripeObjectType.PRODUCT,
            Set.of(),
            StripeObjectType.CHARGE,
            Set.of("refunds"));
    /** Shown only where they say something: they can't be null. */
    private static final Map<StripeObjectType, Set<String>> SOMETIMES = Map.of(
            StripeObjectType.CUSTOMER,
            Set.of("business_name", "individual_name"),
            StripeObjectType.PRODUCT,
            Set.of(),
            StripeObjectType.CHARGE,
            Set.of("presentment_details", "transfer"));

    private final StripeOpenApi api = StripeOpenApi.load();

    private static List<StripeObjectType> types() {
        return StripeObjectType.core();
    }

    @Test
    void theFakeSpeaksTheApiVersionOfTheDocument() {
        assertThat(FakeStripe.API_VERSION).isEqualTo(api.apiVersion());
    }

    @ParameterizedTest
    @MethodSource("types")
    void everySeededObjectFitsTheSchemaAndShowsEveryProperty(StripeObjectType type) {
        try (FakeStripe stripe = FakeStripe.start()) {
            stripe.data().seed(11, 1_500, 1_500, 1_500);

            Set<String> documented = names(api.schema(type.wireName()).get("properties"));
            documented.removeAll(EXPANDED_ONLY.getOrDefault(type, Set.of()));
            documented.removeAll(SOMETIMES.getOrDefault(type, Set.of()));
            stripe.data().forEachLive(type, (id, object) -> {
                assertThat(SchemaCheck.problems(api, type.wireName(), object))
                        .as(id)
                        .isEmpty();
                assertThat(names(object)).as(id).containsAll(documented);
            });
        }
    }

    @Test
    void everyObjectAndEventFitsAfterManyChanges() {
        try (FakeStripe stripe = FakeStripe.start()) {
            stripe.data().seed(12, 200, 200, 200);
            stripe.data().churn(new Random(12), 1_500);

            for (StripeObjectType type : StripeObjectType.core()) {
                stripe.data()
                        .forEachLive(
                                type,
                                (id, object) -> assertThat(SchemaCheck.problems(api, type.wireName(), object))
                                        .as(id)
                                        .isEmpty());
            }
            FakeClient client = new FakeClient(stripe);
            String after = "";
            JsonNode page;
            int seen = 0;
            do {
                page = client.json("/v1/events?limit=100" + after);
                for (JsonNode event : page.get("data")) {
                    assertThat(SchemaCheck.problems(api, "event", event)).isEmpty();
                    JsonNode object = event.at("/data/object");
                    assertThat(SchemaCheck.problems(api, object.get("object").textValue(), object))
                            .isEmpty();
                    after = "&starting_after=" + event.get("id").textValue();
                    seen++;
                }
            } while (page.get("has_more").booleanValue());
            assertThat(seen).isEqualTo(stripe.data().eventCount());
        }
    }

    @Test
    void deletedCustomersAccountsAndErrorsFitTheirSchemas() {
        try (FakeStripe stripe = FakeStripe.start()) {
            String id = stripe.data().create(StripeObjectType.CUSTOMER);
            stripe.data().delete(StripeObjectType.CUSTOMER, id);
            FakeClient client = new FakeClient(stripe);

            assertThat(SchemaCheck.problems(api, "deleted_customer", client.json("/v1/customers/" + id)))
                    .isEmpty();
            assertThat(SchemaCheck.problems(api, "account", client.json("/v1/account")))
                    .isEmpty();
            assertThat(SchemaCheck.problems(api, "error", client.json("/v1/charges/ch_nothing")))
                    .isEmpty();
        }
    }

    @Test
    void theCheckFindsWhatDoesNotFit() {
        try (FakeStripe stripe = FakeStripe.start()) {
            String id = stripe.data()
                    .create(
                            StripeObjectType.CHARGE,
                            HostileEdits.integerAsText("amount").andThen(HostileEdits.unknownFields()));
            JsonNode charge = stripe.data().find(StripeObjectType.CHARGE, id).orElseThrow();

            assertThat(SchemaCheck.problems(api, "charge", charge))
                    .contains("charge.amount: no integer", "charge.future_flag: unknown to the schema");
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
