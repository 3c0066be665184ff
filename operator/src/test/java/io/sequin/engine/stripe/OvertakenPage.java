package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.data.DeleteGuard;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.TableSelection;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.source.stripe.StripeTruth;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeFaults;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A live Sync that lists a table again, whose page is on its way while the tail overtakes it. */
final class OvertakenPage implements AutoCloseable {
    static final StripeObjectType SUBSCRIPTION = StripeObjectType.of("subscription");
    static final StripeObjectType ITEM = StripeObjectType.of("subscription_item");
    private static final Set<String> NAMES = Set.of("customer", "product", "subscription", "subscription_item");
    private static final TableSelection TABLES = new TableSelection(NAMES, Set.of());
    private static final String EVENTS = "/v1/events";
    private static final Duration SOON = Duration.ofSeconds(30);

    final StripeSync sync;
    final StripeData data;

    /** Why tables that are live are listed. */
    enum Listing {
        OF_A_FIRST_PASS,
        OF_A_RESYNC
    }

    /**
     * What is listed.
     *
     * @param path of the list
     * @param table that it fills
     * @param other table of the same lane, which is dropped for a first pass; empty: there is none
     */
    record Listed(String path, String table, Optional<String> other) {
        static final Listed CUSTOMERS = new Listed("/v1/customers", "customer", Optional.empty());
        static final Listed PRODUCTS = new Listed("/v1/products", "product", Optional.empty());
        static final Listed SUBSCRIPTIONS =
                new Listed("/v1/subscriptions", "subscription", Optional.of("subscription_item"));
        /** The items that come with them. */
        static final Listed ITEMS = new Listed("/v1/subscriptions", "subscription_item", Optional.of("subscription"));

        private Set<String> tables() {
            return other.map(o -> Set.of(table, o)).orElse(Set.of(table));
        }
    }

    OvertakenPage(int major) {
        sync = new StripeSync(PostgresServer.sharedDurable(major));
        data = sync.stripe.data();
        data.seed(51, Map.of(StripeObjectType.CUSTOMER, 20, StripeObjectType.PRODUCT, 10, SUBSCRIPTION, 8));
    }

    /** Every table is filled, and nobody follows the source until {@link #overtake}. */
    void fill() {
        sync.apply(TABLES, ResyncPlan.NONE);
        sync.awaitLive();
        awaitTruth();
        sync.remove();
    }

    /**
     * Lists again: a page is read, then something happens, the tail applies that, and only then the page comes.
     *
     * @param applied a query that says {@code t} once the tail has applied what happened
     */
    void overtake(Listing why, Listed listed, Runnable meanwhile, String applied) {
        if (why == Listing.OF_A_FIRST_PASS) {
            sync.sql("drop table \"stripe it\"." + listed.other().orElseThrow());
        }
        sync.stripe.requests().clear();
        try (StripeFaults.Active page =
                sync.stripe.faults().add(FaultRule.always(new Fault.HeldBack()).onlyPath(listed.path()))) {
            sync.apply(TABLES, why == Listing.OF_A_RESYNC ? resync(listed) : ResyncPlan.NONE);
            await("the page was read")
                    .atMost(SOON)
                    .until(() -> sync.stripe.requests().count(listed.path()) == 1);
            meanwhile.run();
            awaitApplied(applied);
            assertOnItsWay(why, listed, page);
        }
        awaitListed(why);
        awaitTruth();
        awaitPolls();
        assertThat(differences()).as("a few polls later").isEmpty();
        assertThat(sync.crashes).isEmpty();
    }

    /** From now on the tail hears of each change only after a while, in which a page can be read. */
    void hearLate() {
        data.delayEvents(Duration.ofSeconds(5), new Random() {
            private static final long serialVersionUID = 1;

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        });
    }

    private static ResyncPlan resync(Listed listed) {
        return new ResyncPlan(Optional.of(new ResyncRequest("t", listed.tables())), DeleteGuard.USUAL);
    }

    /** The tail has committed what happened: a product that was made after one came by it comes by a later page of it. */
    private void awaitApplied(String applied) {
        for (int i = 0; i < 2; i++) {
            String later = data.create(StripeObjectType.PRODUCT);
            await("the tail goes on")
                    .atMost(SOON)
                    .until(() -> isTrue(
                            "select exists (select from" + " \"stripe it\".product where id = '" + later + "')"));
        }
        await("the tail has applied it").atMost(SOON).until(() -> isTrue(applied));
    }

    private boolean isTrue(String query) {
        return sync.value(query).equals("t");
    }

    /** What the tail has committed was committed before the page. */
    private void assertOnItsWay(Listing why, Listed listed, StripeFaults.Active page) {
        assertThat(page.fired()).as("answers held back").isEqualTo(1);
        assertThat(sync.stripe.requests().count(listed.path())).isEqualTo(1);
        SyncSnapshot now = sync.awaitSnapshot("any", s -> true);
        if (why == Listing.OF_A_RESYNC) {
            assertThat(now.resync().orElseThrow().left()).isEqualTo(listed.tables());
            assertThat(isTrue("select full_pass is not null and seen >= 0 from \"stripe it\"._sync_state where lane ="
                            + " 'resync:backfill:" + lane(listed) + "'"))
                    .as("the pass is under way")
                    .isTrue();
        } else {
            assertThat(sync.value("select phase from \"stripe it\"._sync_table where name = '"
                            + listed.other().orElseThrow() + "'"))
                    .isEqualTo("FIRST_PASS");
        }
    }

    private static String lane(Listed listed) {
        return listed.equals(Listed.ITEMS) ? "subscription" : listed.table();
    }

    private void awaitListed(Listing why) {
        if (why == Listing.OF_A_RESYNC) {
            sync.awaitSnapshot(
                    "the re-sync is done",
                    s -> s.resync()
                            .flatMap(ResyncProgress::handled)
                            .filter("t"::equals)
                            .isPresent());
        }
        sync.awaitLive();
    }

    private void awaitPolls() {
        long before = sync.stripe.requests().count(EVENTS);
        await("a few polls").atMost(SOON).until(() -> sync.stripe.requests().count(EVENTS) > before + 3);
    }

    private void awaitTruth() {
        await("the tables equal the source")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(differences()).isEmpty());
    }

    private List<String> differences() {
        List<String> all = new ArrayList<>();
        Map<String, Map<String, JsonNode>> truth = StripeTruth.of(data);
        try (Connection connection = sync.server.superuser(sync.database)) {
            for (String table : NAMES) {
                all.addAll(TableTruth.differences(
                        connection, StripeSync.SCHEMA, table, truth.getOrDefault(table, Map.of())));
            }
        } catch (SQLException e) {
            all.add(e.toString());
        }
        return all;
    }

    @Override
    public void close() {
        sync.close();
    }
}
