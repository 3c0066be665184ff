package io.sequin.e2e;

import static org.awaitility.Awaitility.await;

import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Leads the Syncs of an operator to what a kill is to meet. */
final class Steering {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final Rig rig;
    private final List<Site> sites;
    private final Random random;
    private final StripeData data;
    /** What Postgres can't take. */
    final Hostility hostility;

    private final Set<String> deleted = new HashSet<>();
    private final List<Connection> held = new ArrayList<>();
    private Instant begun = Instant.EPOCH;
    private int tokens;

    Steering(Rig rig, List<Site> sites, Random random) {
        this.rig = rig;
        this.sites = sites;
        this.random = random;
        this.data = rig.stripe.data();
        this.hostility = new Hostility(data, random);
    }

    /** When the operator is about to be started. */
    void begin() {
        rig.stripe.requests().clear();
        begun = Instant.now();
    }

    /**
     * Changes something, and makes that come about which the next kill is to meet.
     *
     * @param caughtUp every table equals the source, and an operator runs; else none does
     */
    void prepare(Sort sort, boolean caughtUp) throws SQLException {
        if (caughtUp) {
            hostility.strike();
        }
        change(10);
        hostility.mend();
        switch (sort) {
            case START, TAIL -> {}
            case BACKFILL -> fillAgain();
            case RESYNC -> {
                boolean anew = random.nextInt(3) == 0;
                if (anew || count(at(Sort.RESYNC)) == 0) {
                    resync();
                }
            }
            case SWEEP -> {
                String mark = String.valueOf(tokens);
                for (Site site : sites) {
                    site.addStrays(mark);
                    held.add(site.hold("id like 'cus_stray_" + mark + "_%'"));
                }
                resync();
            }
            case DELETES -> {
                List<String> some = Stream.generate(() -> data.randomLive(StripeObjectType.CUSTOMER, random))
                        .limit(8)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
                for (Site site : random.nextBoolean() ? sites : List.<Site>of()) {
                    held.add(site.hold("id in ('" + String.join("', '", some) + "')"));
                }
                some.forEach(this::delete);
            }
        }
    }

    /** Until the operator does what the kill is to meet; from then on a random time. */
    void lead(Sort sort) throws InterruptedException {
        switch (sort) {
            case START -> rest(1000);
            case BACKFILL, RESYNC -> {
                untilOne(sort.toString(), at(sort));
                rest(1000);
            }
            case TAIL -> {
                untilAll(sort.toString(), at(sort));
                change(30);
                rest(1200);
            }
            case DELETES -> {
                if (held.isEmpty()) {
                    await("it works").atMost(PATIENCE).pollInterval(OFTEN).until(this::works);
                    rest(600);
                } else {
                    untilOne("a blocked delete", site -> site.blocked().contains("commit batch"));
                }
            }
            case SWEEP -> untilOne("a blocked sweep", site -> site.blocked().contains("sweep"));
        }
    }

    /** What a kill at this moment meets, and the transactions that it ends. */
    Situation met() throws SQLException {
        Set<Sort> sorts = EnumSet.noneOf(Sort.class);
        List<String> open = new ArrayList<>();
        List<String> blocked = new ArrayList<>();
        for (Site site : sites) {
            Situation at = site.situation(deleted);
            sorts.addAll(at.sorts());
            open.addAll(at.open());
            blocked.addAll(at.blocked());
        }
        return new Situation(works() ? sorts : EnumSet.of(Sort.START), open, blocked);
    }

    /** Lets go of the rows that were held. */
    void letGo() throws SQLException {
        for (Connection connection : held) {
            connection.close();
        }
        held.clear();
    }

    /** The newest {@code resync.token}; empty: none was given. */
    String token() {
        return tokens == 0 ? "" : "token-" + tokens;
    }

    /** So many random changes, a tenth of it deletes of each kind, and as many new ones. */
    void change(int changes) {
        data.churn(random, changes, Filled.types());
        for (int i = 0; i < changes / 10; i++) {
            data.randomLive(StripeObjectType.CUSTOMER, random).ifPresent(this::delete);
            data.create(StripeObjectType.CUSTOMER);
            takeAway(Filled.INVOICE);
            String invoice = data.create(Filled.INVOICE.type());
            data.createChild(Filled.INVOICE_LINE_ITEM.type(), invoice, line -> {});
            data.createChild(Filled.INVOICE_LINE_ITEM.type(), invoice, line -> {});
            takeAway(Filled.SUBSCRIPTION_ITEM);
            addItem();
        }
    }

    private void delete(String customer) {
        data.delete(StripeObjectType.CUSTOMER, customer);
        deleted.add(customer);
    }

    private void takeAway(Filled filled) {
        data.randomLive(filled.type(), random).ifPresent(id -> data.delete(filled.type(), id));
    }

    private void addItem() {
        data.randomLive(Filled.SUBSCRIPTION.type(), random)
                .ifPresent(id -> data.createChild(Filled.SUBSCRIPTION_ITEM.type(), id, item -> {}));
    }

    /** Drops tables, as anybody may; the next change of theirs shows that they are gone. */
    private void fillAgain() throws SQLException {
        boolean children = random.nextBoolean();
        if (count(at(Sort.BACKFILL)) == 0) {
            drop(Filled.CHARGE);
            if (children) {
                drop(Filled.SUBSCRIPTION_ITEM);
            }
        }
        data.create(StripeObjectType.CHARGE);
        addItem();
    }

    private void drop(Filled filled) throws SQLException {
        for (Site site : sites) {
            site.schema.run("drop table if exists stripe." + filled.table());
        }
        hostility.dropped(filled);
    }

    private void resync() {
        tokens++;
        sites.forEach(site -> site.sync("\"resync\": {\"token\": \"" + token() + "\"},"));
    }

    private static Predicate<Situation> at(Sort sort) {
        return situation -> situation.sorts().contains(sort);
    }

    private boolean works() {
        // answers to the one that was killed may still be under way
        return rig.stripe.requests().count(request -> request.at().isAfter(begun)) > 0;
    }

    private void untilOne(String what, Predicate<Situation> wanted) {
        await("one is at " + what).atMost(PATIENCE).pollInterval(OFTEN).until(() -> works() && count(wanted) > 0);
    }

    private void untilAll(String what, Predicate<Situation> wanted) {
        await("all are at " + what)
                .atMost(PATIENCE)
                .pollInterval(OFTEN)
                .until(() -> works() && count(wanted) == sites.size());
    }

    private int count(Predicate<Situation> wanted) throws SQLException {
        int count = 0;
        for (Site site : sites) {
            count += wanted.test(site.situation(deleted)) ? 1 : 0;
        }
        return count;
    }

    private void rest(int most) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(most));
    }
}
