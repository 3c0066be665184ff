package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.Thoroughness;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.postgres.PostgresProblem;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database that can't store many of a table's records stops that table, and no other one. */
class MassRejectionIT {
    private static final int STORABLE = 120;
    private static final int NOT_STORABLE = 120;

    /** The first batch is one page, so that progress shows soon: the newest ones. The second has all the others. */
    private static final int FIRST_BATCH = 100;

    /** NUL and halves of surrogate pairs become a character that is not among these, too. */
    private static final String LATIN1 = "[\\x01-\\xff]";

    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void aTableWhoseRecordsTheDatabaseCanNotStoreStopsAloneUntilTheyAreMended(int major) throws Exception {
        try (StripeSync sync = StripeSync.latin1(major)) {
            StripeData data = sync.stripe.data();
            List<String> bad = notStorable(data);
            for (int i = 0; i < STORABLE; i++) {
                StripeObjectType.core().forEach(type -> storable(data, type));
            }
            sync.start();
            SyncSnapshot stopped = sync.awaitSnapshot(
                    "customers are refused, all others live",
                    s -> state(s, "customer") == TableState.FAILING
                            && state(s, "product") == TableState.LIVE
                            && state(s, "charge") == TableState.LIVE);
            assertStopped(sync, StripeSync.table(stopped, "customer"));
            assertThat(stopped.destination()).isEmpty();
            assertThat(stopped.schema()).isEmpty();
            othersGoOn(sync);
            assertStopped(sync, StripeSync.table(sync.awaitSnapshot("any", s -> true), "customer"));

            bad.forEach(id -> data.update(StripeObjectType.CUSTOMER, id, customer -> customer.put("name", "Zoë")));
            // tried again within the hour; at once where somebody asks for it
            sync.wake();
            SyncSnapshot mended = sync.awaitLive();
            sync.awaitTruth();
            assertThat(StripeSync.table(mended, "customer").errors()).isZero();
            assertThat(written(sync)).isEqualTo(STORABLE + NOT_STORABLE + 2 + " 0");
            storable(data, StripeObjectType.CUSTOMER);
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    /** Nothing of the second batch is there, and no record was set aside. */
    private static void assertStopped(StripeSync sync, TableProgress customers) {
        assertThat(customers.problem()).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo(PostgresProblem.MASS_REJECTION);
            assertThat(problem.message())
                    .contains("of " + (STORABLE + NOT_STORABLE - FIRST_BATCH) + " records", "\"customer\"");
        });
        assertThat(customers.rows()).isEqualTo(FIRST_BATCH);
        assertThat(customers.errors()).isZero();
        assertThat(written(sync)).isEqualTo(FIRST_BATCH + " 0");
    }

    /** Customers, and records of any table that are set aside. */
    private static String written(StripeSync sync) {
        return sync.value("select (select count(*) from \"stripe it\".customer) || ' '"
                + " || (select count(*) from \"stripe it\"._sync_error)");
    }

    /** Their changes arrive, again and again, and what the stopped table misses keeps nothing up. */
    private static void othersGoOn(StripeSync sync) {
        for (int i = 0; i < 2; i++) {
            StripeObjectType.core().forEach(type -> storable(sync.stripe.data(), type));
            await("changes of the other tables").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(sync.differences(StripeObjectType.PRODUCT)).isEmpty();
                assertThat(sync.differences(StripeObjectType.CHARGE)).isEmpty();
            });
        }
    }

    private static TableState state(SyncSnapshot snapshot, String table) {
        return snapshot.tables().stream()
                .filter(t -> t.name().equals(table))
                .map(TableProgress::state)
                .findFirst()
                .orElse(TableState.PENDING);
    }

    private static List<String> notStorable(StripeData data) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < NOT_STORABLE; i++) {
            ids.add(data.create(StripeObjectType.CUSTOMER, customer -> {
                keepLatin1(customer);
                customer.put("name", "夏目 漱石");
            }));
        }
        return ids;
    }

    private static void storable(StripeData data, StripeObjectType type) {
        data.create(type, MassRejectionIT::keepLatin1);
    }

    /** What the database can't store is taken out of its texts. */
    private static void keepLatin1(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.retain(List.copyOf(object.properties()).stream()
                    .map(Map.Entry::getKey)
                    .filter(name -> name.matches(LATIN1 + "*"))
                    .toList());
            List.copyOf(object.properties()).forEach(field -> {
                keepLatin1(field.getValue());
                if (field.getValue().isTextual()) {
                    object.put(field.getKey(), latin1(field.getValue()));
                }
            });
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                keepLatin1(list.get(i));
                if (list.get(i).isTextual()) {
                    list.set(i, latin1(list.get(i)));
                }
            }
        }
    }

    private static String latin1(JsonNode text) {
        return text.textValue().replaceAll("(?s)(?!" + LATIN1 + ").", "-");
    }
}
