package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.param.EventListParams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsByStripeJavaTest {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
    private final FakeStripe stripe = FakeStripe.start(0, clock::get);

    @AfterEach
    void stop() {
        stripe.close();
    }

    @Test
    void theEventsReplayedInOrderGiveTheTruth() {
        stripe.data().seed(5, 300, 60, 300);
        Map<StripeObjectType, Map<String, JsonNode>> copy = new HashMap<>();
        for (StripeObjectType type : StripeObjectType.core()) {
            copy.put(type, new LinkedHashMap<>(stripe.data().truth(type)));
        }
        int before = stripe.data().eventCount();
        Map<StripeEventType, Integer> made = stripe.data().churn(new Random(5), 1_200);

        FakeClient client = new FakeClient(stripe);
        List<JsonNode> events = new ArrayList<>();
        String after = "";
        JsonNode page;
        do {
            page = client.json("/v1/events?limit=100" + after);
            page.get("data").forEach(events::add);
            after = "&starting_after=" + events.getLast().get("id").textValue();
        } while (page.get("has_more").booleanValue());
        List<JsonNode> applied = events.subList(0, events.size() - before);
        Collections.reverse(applied);
        applied.forEach(event -> apply(copy, event));

        assertThat(applied).hasSize(made.values().stream().mapToInt(n -> n).sum());
        assertThat(made.keySet()).as("all kinds of changes happen").isEqualTo(eventsOf(StripeObjectType.core()));
        for (StripeObjectType type : StripeObjectType.core()) {
            assertThat(copy.get(type)).isEqualTo(stripe.data().truth(type));
        }
    }

    @Test
    void anUpdateShowsTheObjectAfterwardsAndOnlyTheOldValuesThatChanged() {
        String id = stripe.data().create(StripeObjectType.PRODUCT, product -> {
            product.put("name", "Old");
            product.putObject("metadata").put("kept", "1").put("moved", "2");
        });
        clock.set(clock.get().plusSeconds(9));
        stripe.data().update(StripeObjectType.PRODUCT, id, product -> {
            product.put("name", "New");
            product.withObjectProperty("metadata").put("moved", "3").put("added", "4");
        });

        JsonNode event = new FakeClient(stripe)
                .json("/v1/events?type=product.updated")
                .get("data")
                .get(0);
        assertThat(event.at("/data/object/name").textValue()).isEqualTo("New");
        assertThat(event.at("/data/object"))
                .isEqualTo(stripe.data().truth(StripeObjectType.PRODUCT).get(id));
        long now = clock.get().getEpochSecond();
        assertThat(event.at("/data/previous_attributes"))
                .hasToString("{\"metadata\":{\"moved\":\"2\",\"added\":null},\"name\":\"Old\",\"updated\":" + (now - 9)
                        + "}");
        assertThat(event.get("created").longValue()).isEqualTo(now);
    }

    @Test
    void anUpdateThatChangesNothingHasNoEvent() {
        String id = stripe.data().create(StripeObjectType.CUSTOMER);
        int before = stripe.data().eventCount();

        stripe.data().update(StripeObjectType.CUSTOMER, id, customer -> customer.set("name", customer.get("name")));

        assertThat(stripe.data().eventCount()).isEqualTo(before);
    }

    @Test
    void typesSelectUpToTwentyEventTypes() throws StripeException {
        stripe.data().churn(new Random(3), 400);

        List<Event> some = list(EventListParams.builder()
                .addType("customer.created")
                .addType("product.deleted")
                .setLimit(100L));

        assertThat(some.stream().map(Event::getType).collect(Collectors.toSet()))
                .isEqualTo(Set.of("customer.created", "product.deleted"));
        EventListParams.Builder many = EventListParams.builder();
        for (int i = 0; i < 21; i++) {
            many.addType("customer.created");
        }
        assertThatThrownBy(() -> list(many))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.getParam()).isEqualTo("types"));
    }

    @Test
    void typeTakesAWildcardAndExcludesTypes() throws StripeException {
        stripe.data().churn(new Random(4), 400);

        List<Event> charges = list(EventListParams.builder().setType("charge.*").setLimit(100L));
        List<Event> deletes =
                list(EventListParams.builder().setType("*.deleted").setLimit(100L));

        assertThat(charges).isNotEmpty().allMatch(e -> e.getType().startsWith("charge."));
        assertThat(deletes.stream().map(Event::getType).collect(Collectors.toSet()))
                .isEqualTo(Set.of("customer.deleted", "product.deleted"));
        assertThatThrownBy(
                        () -> list(EventListParams.builder().setType("charge.*").addType("charge.failed")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void createdSelectsEventsAndTiesAreNormal() throws StripeException {
        long first = clock.get().getEpochSecond();
        stripe.data().churn(new Random(6), 30);
        clock.set(clock.get().plusSeconds(10));
        stripe.data().churn(new Random(7), 20);
        int later = list(EventListParams.builder()
                        .setLimit(100L)
                        .setCreated(
                                EventListParams.Created.builder().setGt(first).build()))
                .size();

        List<Event> both = list(EventListParams.builder()
                .setLimit(100L)
                .setCreated(EventListParams.Created.builder().setGte(first).build()));

        assertThat(later).isBetween(20, 22);
        assertThat(both.size()).isEqualTo(stripe.data().eventCount());
        assertThat(both.stream().map(Event::getCreated).collect(Collectors.toSet()))
                .isEqualTo(Set.of(first, first + 10));
    }

    @Test
    void eventsEndAfterThirtyDays() throws StripeException {
        stripe.data().create(StripeObjectType.CUSTOMER);
        String id = list(EventListParams.builder()).getFirst().getId();
        clock.set(clock.get().plus(Duration.ofDays(30)));
        assertThat(StripeJava.of(stripe).events().retrieve(id).getType()).isEqualTo("customer.created");

        clock.set(clock.get().plusSeconds(1));

        assertThat(list(EventListParams.builder())).isEmpty();
        assertThatThrownBy(() -> StripeJava.of(stripe).events().retrieve(id))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.getStatusCode()).isEqualTo(404));
        assertThatThrownBy(() -> list(EventListParams.builder().setStartingAfter(id)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.getStatusCode()).isEqualTo(400));
    }

    @Test
    void seededObjectsOfTheLastThirtyDaysHaveTheEventOfTheirCreation() {
        stripe.data().seed(8, 2_000, 100, 2_000);
        long oldest = clock.get().minus(Duration.ofDays(30)).getEpochSecond();
        long recent = 0;
        for (StripeObjectType type : StripeObjectType.core()) {
            recent += stripe.data().truth(type).values().stream()
                    .filter(o -> o.get("created").longValue() >= oldest)
                    .count();
        }

        assertThat(recent).isPositive().isEqualTo(stripe.data().eventCount());
    }

    @Test
    void timeNeverGoesBackWhateverTheClockDoes() throws StripeException {
        stripe.data().create(StripeObjectType.CUSTOMER);
        long first = clock.get().getEpochSecond();
        clock.set(clock.get().minusSeconds(3_600));

        stripe.data().create(StripeObjectType.CUSTOMER);

        assertThat(list(EventListParams.builder()))
                .extracting(Event::getCreated)
                .containsExactly(first, first);
    }

    @Test
    void delayedEventsAppearLateAndOutOfOrderButAllOfThem() throws StripeException {
        stripe.data().delayEvents(Duration.ofSeconds(30), new Random(2));
        for (int i = 0; i < 40; i++) {
            stripe.data().create(StripeObjectType.CUSTOMER);
        }
        clock.set(clock.get().plusSeconds(15));
        List<Event> some = list(EventListParams.builder().setLimit(100L));
        clock.set(clock.get().plusSeconds(15));
        List<Event> all = list(EventListParams.builder().setLimit(100L));

        assertThat(some).hasSizeBetween(5, 35);
        assertThat(all).hasSize(40);
        List<String> ids = all.stream().map(Event::getId).toList();
        assertThat(ids.indexOf(some.getLast().getId())).as("gaps below").isGreaterThanOrEqualTo(some.size());
    }

    private List<Event> list(EventListParams.Builder params) throws StripeException {
        return StripeJava.all(
                StripeJava.of(stripe).events().list(params.build()).autoPagingIterable());
    }

    private static void apply(Map<StripeObjectType, Map<String, JsonNode>> copy, JsonNode event) {
        JsonNode object = event.at("/data/object");
        StripeObjectType type = StripeObjectType.of(object.get("object").textValue());
        Map<String, JsonNode> table = copy.getOrDefault(type, Map.of());
        if (event.get("type").textValue().endsWith(".deleted")) {
            table.remove(object.get("id").textValue());
        } else {
            table.put(object.get("id").textValue(), object);
        }
    }

    private static Set<StripeEventType> eventsOf(List<StripeObjectType> types) {
        return types.stream().flatMap(t -> t.events().stream()).collect(Collectors.toSet());
    }
}
