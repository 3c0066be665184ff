package io.sequin.engine.stripe;

import static io.sequin.engine.stripe.OvertakenPage.ITEM;
import static io.sequin.engine.stripe.OvertakenPage.SUBSCRIPTION;

import io.sequin.Thoroughness;
import io.sequin.engine.stripe.OvertakenPage.Listed;
import io.sequin.engine.stripe.OvertakenPage.Listing;
import io.sequin.testkit.stripe.StripeObjectType;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A page of a list is read, then something happens at the source, the tail applies that, and only then the page comes: it
 * must not undo it. The list is read over live tables, for a re-sync, or since another table that it fills was dropped;
 * the latter only where it fills two. Children of a parent's table that was dropped are fetched once that is filled, not
 * beside it, so only a re-sync's page of them is overtaken.
 */
class StalePagesIT {
    static IntStream majors() {
        return Thoroughness.majors();
    }

    static Stream<Arguments> listings() {
        return majors().boxed().flatMap(major -> Stream.of(Listing.values()).map(why -> Arguments.of(why, major)));
    }

    /** Of a row with that id. */
    private static String exists(String table, String id, String condition) {
        return "select exists (select from \"stripe it\"." + table + " where id = '" + id + "' and " + condition + ")";
    }

    private static String isGone(String table, String id) {
        return "select not " + exists(table, id, "true").substring("select ".length());
    }

    private static String subscription(OvertakenPage page) {
        return page.data.create(SUBSCRIPTION, s -> s.withObject("/metadata").put("state", "first"));
    }

    private static void put(OvertakenPage page, String subscription, String state) {
        page.data.update(
                SUBSCRIPTION, subscription, s -> s.withObject("/metadata").put("state", state));
    }

    @ParameterizedTest(name = "{0}, Postgres {1}")
    @MethodSource("listings")
    void readBeforeAChange(Listing why, int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            String id = subscription(page);
            page.fill();
            page.overtake(
                    why,
                    Listed.SUBSCRIPTIONS,
                    () -> put(page, id, "new"),
                    exists("subscription", id, "metadata ->> 'state' = 'new'"));
        }
    }

    @ParameterizedTest(name = "{0}, Postgres {1}")
    @MethodSource("listings")
    void readBeforeAChangeThatLeftTheRowEqual(Listing why, int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            String id = subscription(page);
            page.fill();
            page.hearLate();
            put(page, id, "between");
            page.overtake(
                    why,
                    Listed.SUBSCRIPTIONS,
                    () -> put(page, id, "first"),
                    exists("subscription", id, "metadata ->> 'state' = 'first'"));
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void readBeforeADelete(int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            String id = page.data.create(StripeObjectType.CUSTOMER);
            page.fill();
            page.overtake(
                    Listing.OF_A_RESYNC,
                    Listed.CUSTOMERS,
                    () -> page.data.delete(StripeObjectType.CUSTOMER, id),
                    isGone("customer", id));
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void readBeforeAnIdWasDeletedAndCreatedAgain(int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            page.data.createProduct("gold", p -> p.put("name", "First"));
            page.fill();
            page.overtake(
                    Listing.OF_A_RESYNC,
                    Listed.PRODUCTS,
                    () -> {
                        page.data.delete(StripeObjectType.PRODUCT, "gold");
                        page.data.createProduct("gold", p -> p.put("name", "Again"));
                    },
                    exists("product", "gold", "name = 'Again'"));
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void readWhileAnIdWasDeletedThatIsThereAgain(int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            page.data.createProduct("gold", p -> p.put("name", "First"));
            page.fill();
            page.data.delete(StripeObjectType.PRODUCT, "gold");
            page.overtake(
                    Listing.OF_A_RESYNC,
                    Listed.PRODUCTS,
                    () -> page.data.createProduct("gold", p -> p.put("name", "Again")),
                    exists("product", "gold", "name = 'Again'"));
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void readBeforeAChildWasRemovedFromItsParent(int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            String parent = subscription(page);
            page.data.createChild(ITEM, parent, i -> {});
            String child = page.data.createChild(ITEM, parent, i -> {});
            page.fill();
            page.overtake(
                    Listing.OF_A_RESYNC,
                    Listed.ITEMS,
                    () -> page.data.delete(ITEM, child),
                    isGone("subscription_item", child));
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void readBeforeAChildWasAddedToItsParent(int major) {
        try (OvertakenPage page = new OvertakenPage(major)) {
            String parent = subscription(page);
            page.data.createChild(ITEM, parent, i -> {});
            page.fill();
            page.overtake(
                    Listing.OF_A_RESYNC,
                    Listed.ITEMS,
                    () -> page.data.createChild(
                            ITEM, parent, i -> i.withObject("/metadata").put("state", "added")),
                    "select exists (select from \"stripe it\".subscription_item where metadata ->> 'state' = 'added')");
        }
    }
}
