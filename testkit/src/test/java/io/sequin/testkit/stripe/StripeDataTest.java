package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StripeDataTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void theSameSeedGivesTheSameObjectsAndAnotherSeedOthers() {
        Map<String, JsonNode> one = seeded(42).truth(StripeObjectType.CHARGE);
        Map<String, JsonNode> same = seeded(42).truth(StripeObjectType.CHARGE);
        Map<String, JsonNode> other = seeded(43).truth(StripeObjectType.CHARGE);

        assertThat(same).isEqualTo(one);
        assertThat(other.keySet()).doesNotContainAnyElementsOf(one.keySet());
    }

    @Test
    void chargesNameCustomersThatExisted() {
        StripeData data = seeded(1);
        Map<String, JsonNode> customers = data.truth(StripeObjectType.CUSTOMER);
        AtomicInteger named = new AtomicInteger();

        data.forEachLive(StripeObjectType.CHARGE, (id, charge) -> {
            JsonNode customer = charge.get("customer");
            if (customer.isTextual()) {
                named.incrementAndGet();
                assertThat(customers
                                .getOrDefault(customer.textValue(), MissingNode.getInstance())
                                .path("created")
                                .longValue())
                        .isPositive()
                        .isLessThan(charge.get("created").longValue());
            }
        });

        assertThat(named).hasValueGreaterThan(500);
    }

    @Test
    void objectsStayTheSameWhileOthersAreAdded() {
        StripeData data = seeded(9);
        Map<String, JsonNode> before = data.truth(StripeObjectType.CHARGE);

        for (int i = 0; i < 50; i++) {
            data.create(StripeObjectType.CUSTOMER);
            data.create(StripeObjectType.CHARGE);
        }

        assertThat(data.truth(StripeObjectType.CHARGE)).containsAllEntriesOf(before);
    }

    @Test
    void aMillionObjectsNeedLittleMemory() throws IOException {
        try (FakeStripe stripe = FakeStripe.start()) {
            long before = usedBytes();
            stripe.data().seed(3, 300_000, 100_000, 600_000);

            assertThat(usedBytes() - before).isLessThan(150L << 20);
            assertThat(stripe.data().count(StripeObjectType.CHARGE)).isEqualTo(600_000);
            JsonNode page = new FakeClient(stripe).json("/v1/charges?limit=100");
            assertThat(page.get("data")).hasSize(100);
        }
    }

    @Test
    void onlyAnEmptyDataSetCanBeSeeded() {
        StripeData data = seeded(1);

        assertThatThrownBy(() -> data.seed(1, 1, 1, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readersSeeWholePagesWhileWritersChurn() throws InterruptedException, ExecutionException {
        try (FakeStripe stripe = FakeStripe.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            stripe.data().seed(4, 400, 0, 0);
            Set<String> stable =
                    new HashSet<>(stripe.data().truth(StripeObjectType.CUSTOMER).keySet());
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < 3; w++) {
                int seed = w;
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        String id = stripe.data().create(StripeObjectType.CUSTOMER);
                        stripe.data().update(StripeObjectType.CUSTOMER, id, c -> c.put("name", "n" + seed));
                        stripe.data().create(StripeObjectType.CHARGE);
                    }
                }));
            }
            List<Future<Set<String>>> readers = new ArrayList<>();
            for (int r = 0; r < 4; r++) {
                readers.add(threads.submit(() -> readAll(new FakeClient(stripe))));
            }

            for (Future<?> writer : writers) {
                writer.get();
            }
            for (Future<Set<String>> reader : readers) {
                assertThat(reader.get()).containsAll(stable);
            }
            assertThat(stripe.data().count(StripeObjectType.CUSTOMER)).isEqualTo(400 + 900);
        }
    }

    @Test
    void aChargeOnlyTakesTheStepsOfItsState() {
        StripeData data = seeded(1);
        String captured = first(
                data,
                c -> c.get("captured").booleanValue()
                        && "succeeded".equals(c.get("status").textValue()));
        long amount = data.find(StripeObjectType.CHARGE, captured)
                .orElseThrow()
                .get("amount")
                .longValue();

        data.change(captured, ChargeChange.refund(amount - 10));
        data.change(captured, ChargeChange.refund(10));

        JsonNode charge = data.find(StripeObjectType.CHARGE, captured).orElseThrow();
        assertThat(charge.get("amount_refunded").longValue()).isEqualTo(amount);
        assertThat(charge.get("refunded").booleanValue()).isTrue();
        assertThatThrownBy(() -> data.change(captured, ChargeChange.refund(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> data.change(captured, ChargeChange.capture()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> data.change(captured, ChargeChange.succeed()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hostileValuesTravelUnchanged() throws IOException {
        try (FakeStripe stripe = FakeStripe.start()) {
            String id = stripe.data()
                    .create(
                            StripeObjectType.CUSTOMER,
                            HostileEdits.nul("name")
                                    .andThen(HostileEdits.loneSurrogate("description"))
                                    .andThen(HostileEdits.unknownFields())
                                    .andThen(HostileEdits.integerAsText("balance"))
                                    .andThen(HostileEdits.integerBeyondBigint("next_invoice_sequence"))
                                    .andThen(HostileEdits.deepNesting("future_depth", 90)));
            FakeClient client = new FakeClient(stripe);

            String raw = client.get("/v1/customers/" + id).body();
            JsonNode listed = client.json("/v1/customers").get("data").get(0);
            JsonNode inEvent = client.json("/v1/events").at("/data/0/data/object");

            assertThat(raw).contains("before\\u0000after").contains("donut \\uD83D.");
            assertThat(listed.get("description").textValue()).isEqualTo("half a donut \ud83d.");
            assertThat(listed.get("balance").textValue()).isEqualTo("twelve");
            assertThat(listed)
                    .isEqualTo(stripe.data().find(StripeObjectType.CUSTOMER, id).orElseThrow());
            assertThat(inEvent).isEqualTo(listed);
        }
    }

    @Test
    void aFieldMayHaveTwentyMegabytes() {
        try (FakeStripe stripe = FakeStripe.start()) {
            stripe.data().seed(1, 2, 0, 0);
            String id = stripe.data().create(StripeObjectType.CUSTOMER, HostileEdits.hugeText("description", 20 << 20));

            JsonNode listed = new FakeClient(stripe)
                    .json("/v1/customers?limit=100")
                    .get("data")
                    .get(0);

            assertThat(listed.get("id").textValue()).isEqualTo(id);
            assertThat(listed.get("description").textValue()).hasSize(20 << 20);
        }
    }

    @Test
    void idsLeadBackToTheirIndexAndForeignIdsToNone() {
        IdCodec ids = new IdCodec("cus_", 14, 99);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            String id = ids.encode(i);
            assertThat(ids.decode(id)).isEqualTo(i);
            seen.add(id);
        }

        assertThat(seen).hasSize(20_000).allMatch(id -> id.matches("cus_[0-9A-Za-z]{14}"));
        assertThat(ids.decode("cus_00000000000000")).isEqualTo(-1);
        assertThat(ids.decode("cus_short")).isEqualTo(-1);
        assertThat(new IdCodec("cus_", 14, 100).decode(ids.encode(7))).isEqualTo(-1);
    }

    private static StripeData seeded(long seed) {
        StripeData data = new StripeData("acct_x", false, () -> NOW);
        data.seed(seed, 600, 50, 800);
        return data;
    }

    private static String first(StripeData data, Predicate<JsonNode> wanted) {
        return data.truth(StripeObjectType.CHARGE).entrySet().stream()
                .filter(e -> wanted.test(e.getValue()))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static Set<String> readAll(FakeClient client) {
        Set<String> seen = new HashSet<>();
        String after = "";
        JsonNode page;
        do {
            page = client.json("/v1/customers?limit=50" + after);
            for (JsonNode customer : page.get("data")) {
                assertThat(seen.add(customer.get("id").textValue())).isTrue();
                after = "&starting_after=" + customer.get("id").textValue();
            }
        } while (page.get("has_more").booleanValue());
        return seen;
    }

    private static long usedBytes() {
        Runtime.getRuntime().gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
