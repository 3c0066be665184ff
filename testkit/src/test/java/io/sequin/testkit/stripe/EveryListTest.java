package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All kinds of objects, held against Stripe's OpenAPI document. */
class EveryListTest {
    private final StripeOpenApi api = StripeOpenApi.load();
    private final FakeStripe stripe = FakeStripe.start();
    private final FakeClient client = new FakeClient(stripe);

    @AfterEach
    void stop() {
        stripe.close();
    }

    @Test
    void everyListOfTheDocumentIsServedOrExcludedWithAReason() {
        Set<String> served = new TreeSet<>();
        StripeObjectType.all().forEach(t -> served.add(t.path()));
        StripeObjectType.catalog().views().forEach(v -> served.add(v.path()));
        Set<String> left = new TreeSet<>(api.listPaths());
        left.removeAll(served);
        left.removeIf(path -> path.endsWith("/search"));
        left.removeAll(StripeCatalog.EXCLUDED.keySet());

        assertThat(served).hasSizeGreaterThan(100);
        assertThat(api.listPaths()).containsAll(StripeCatalog.EXCLUDED.keySet());
        assertThat(left)
                .as("what belongs to an object that no list shows")
                .containsExactlyInAnyOrder(
                        "/v1/linked_accounts/{account}/owners",
                        "/v1/sources/{source}/source_transactions",
                        "/v1/tax/calculations/{calculation}/line_items",
                        "/v1/tax/transactions/{transaction}/line_items");
    }

    @Test
    void everyPageAndEveryObjectFitsItsSchema() {
        stripe.data().seedAll(7, 3);

        for (StripeObjectType type : StripeObjectType.all()) {
            String url = type.parentType()
                    .map(parent -> StoredObjects.urlOf(type, parentWithManyChildren(parent)))
                    .orElse(everythingOf(type));
            JsonNode page = client.json(url);
            assertThat(SchemaCheck.pageProblems(api, type.path(), page)).as(url).isEmpty();
            assertThat(page.get("data")).as(url).isNotEmpty();
            JsonNode first = page.get("data").get(0);
            if (type.retrievable()) {
                String path =
                        page.get("url").textValue() + "/" + first.get("id").textValue();
                assertThat(client.json(path)).isEqualTo(first);
            }
        }
    }

    @Test
    void aParentShowsTenChildrenAndThePathOfAll() {
        stripe.data().seedAll(7, 3);
        for (StripeObjectType type : StripeObjectType.all()) {
            for (String field : type.embeddedLists().keySet()) {
                String id = parentWithManyChildren(type);
                JsonNode list = client.json(type.path() + "/" + id).get(field);

                assertThat(list.get("data")).as(type + " " + field).hasSize(10);
                assertThat(list.get("has_more").booleanValue()).isTrue();
                JsonNode all = all(list.get("url").textValue());
                assertThat(all).hasSize(105);
                assertThat(all.get(0)).isEqualTo(list.get("data").get(0));
            }
        }
    }

    @Test
    void theTruthOfEveryListIsWhatItsPagesShowWhileEverythingChanges() {
        stripe.data().seedAll(8, 9);
        Set<StripeEventType> made =
                new HashSet<>(stripe.data().churn(new Random(8), 1_500).keySet());

        assertThat(api.eventTypes())
                .containsAll(made.stream().map(StripeEventType::wireName).toList());
        assertThat(made).hasSizeGreaterThan(100);
        for (StripeObjectType type : StripeObjectType.all()) {
            if (type.parentType().isEmpty()) {
                String status = type.path().equals("/v1/subscriptions") ? "?status=all" : "";
                List<JsonNode> listed = new ArrayList<>();
                (type.paged()
                                ? all(type.path() + status)
                                : client.json(type.path()).get("data"))
                        .forEach(listed::add);
                assertThat(listed.reversed())
                        .as(type.path())
                        .containsExactlyElementsOf(stripe.data().truth(type).values().stream()
                                .filter(object -> isListed(type, object))
                                .toList());
            }
        }
    }

    private static boolean isListed(StripeObjectType type, JsonNode object) {
        return switch (type.path()) {
            case "/v1/reviews" -> object.get("open").booleanValue();
            case "/v1/prices" -> object.get("active").booleanValue();
            default -> true;
        };
    }

    @Test
    void whatAListLeavesOutIsRetrievedByItsIdAndListedWhereStripeHasAParameterForIt() {
        StripeData data = stripe.data();
        StripeObjectType review = StripeObjectType.of("review");
        String closed = data.create(review);
        data.change(review, closed, review.event("closed").orElseThrow(), o -> o.put("open", false));
        String archived = data.create(StripeObjectType.of("price"), o -> o.put("active", false));
        String custom = data.create(StripeObjectType.of("payment_method"), o -> o.put("type", "custom"));
        String clocked = data.create(StripeObjectType.CUSTOMER, o -> o.put("test_clock", "clock_1"));
        Map.of(
                        "/v1/reviews", closed,
                        "/v1/prices", archived,
                        "/v1/payment_methods", custom,
                        "/v1/customers", clocked)
                .forEach((path, id) -> {
                    assertThat(all(path)).as(path).isEmpty();
                    assertThat(client.json(path + "/" + id).get("id").textValue())
                            .isEqualTo(id);
                });
        assertThat(all("/v1/prices?active=false")).hasSize(1);
        assertThat(all("/v1/payment_methods?type=custom")).hasSize(1);
        assertThat(all("/v1/customers?test_clock=clock_1")).hasSize(1);
    }

    @Test
    void eventsAreAboutTheObjectsThatStripesClientsAreBuiltToExpect() throws IOException {
        Map<String, String> schemaOfEvent = new HashMap<>();
        JsonNode forClients = new ObjectMapper()
                .readTree(api.folder().resolve("spec3.beta.sdk.json").toFile())
                .at("/components/schemas");
        forClients.forEach(schema -> {
            JsonNode object = schema.at("/properties/object");
            if (schema.has("x-stripeEvent") && object.has("$ref")) {
                schemaOfEvent.put(schema.at("/x-stripeEvent/type").textValue(), StripeOpenApi.nameOf(object));
            }
        });
        assertThat(schemaOfEvent).hasSizeGreaterThan(200);

        for (StripeObjectType type : StripeObjectType.all()) {
            Set<String> expected = new TreeSet<>();
            api.eventTypes().stream()
                    .filter(e -> type.wireName().equals(schemaOfEvent.get(e)))
                    .forEach(expected::add);
            // said twice, once under a newer name; only about those of customers
            expected.remove("charge.refund.updated");
            if (type.parentType().isEmpty()) {
                expected.removeIf(e -> e.startsWith("customer.tax_id."));
            }
            if (type.variants().size() == 1) {
                assertThat(type.events().stream().map(StripeEventType::wireName))
                        .as(type.path())
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    void onlyTheWantedKindsChange() {
        stripe.data().seedAll(8, 3);
        StripeObjectType invoice = StripeObjectType.of("invoice");

        Set<StripeEventType> made =
                stripe.data().churn(new Random(1), 60, Set.of(invoice)).keySet();

        assertThat(made).isNotEmpty().isSubsetOf(invoice.events());
    }

    private static String everythingOf(StripeObjectType type) {
        return type.path().equals("/v1/subscriptions") ? type.path() + "?status=all" : type.path();
    }

    private String parentWithManyChildren(StripeObjectType type) {
        return stripe.data().truth(type).keySet().stream().skip(1).findFirst().orElseThrow();
    }

    private JsonNode all(String path) {
        ArrayNode all = JsonBytes.object().putArray("data");
        String after = "";
        JsonNode page;
        do {
            page = client.json(path + (path.contains("?") ? "&" : "?") + "limit=100" + after);
            all.addAll((ArrayNode) page.get("data"));
            after = all.isEmpty()
                    ? ""
                    : "&starting_after=" + all.get(all.size() - 1).get("id").textValue();
        } while (page.get("has_more").booleanValue());
        return all;
    }
}
