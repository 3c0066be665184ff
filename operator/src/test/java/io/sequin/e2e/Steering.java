package io.sequin.e2e;

import static org.awaitility.Awaitility.await;

import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Leads the Syncs of an operator to what a kill is to meet. */
final class Steering {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final Rig rig;
    private final List<Site> sites;
    private final Random random;
    private final Set<String> deleted = new HashSet<>();
    private final List<Connection> held = new ArrayList<>();
    private Instant begun = Instant.EPOCH;
    private int tokens;

    Steering(Rig rig, List<Site> sites, Random random) {
        this.rig = rig;
        this.sites = sites;
        this.random = random;
    }

    /** While no operator runs. */
    void prepare(Sort sort) throws SQLException {
        rig.stripe.requests().clear();
        begun = Instant.now();
        rig.stripe.data().churn(random, 10);
        delete(1);
        switch (sort) {
            case START, TAIL -> {}
            case BACKFILL -> fillAgain();
            case RESYNC -> {
                if (count(at(Sort.RESYNC)) == 0) {
                    resync();
                }
            }
            case SWEEP -> {
                for (Site site : sites) {
                    site.addStrays();
                    held.add(site.hold("id like 'cus_stray%'"));
                }
                resync();
            }
            case DELETES -> {
                List<String> some = delete(10);
                for (Site site : random.nextBoolean() ? sites : List.<Site>of()) {
                    held.add(site.hold("id in ('" + String.join("', '", some) + "')"));
                }
            }
        }
    }

    /** Until the operator that was started does what the kill is to meet; from then on a random time. */
    void lead(Sort sort) throws InterruptedException {
        switch (sort) {
            case START -> rest(1000);
            case BACKFILL, RESYNC -> {
                untilOne(sort.toString(), at(sort));
                rest(1000);
            }
            case TAIL -> {
                untilAll(sort.toString(), at(sort));
                rig.stripe.data().churn(random, 30);
                delete(3);
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

    private void fillAgain() throws SQLException {
        if (count(at(Sort.BACKFILL)) == 0) {
            for (Site site : sites) {
                site.schema.run("drop table if exists stripe.charge");
            }
        }
    }

    private void resync() {
        tokens++;
        sites.forEach(site -> site.sync("\"resync\": {\"token\": \"" + token() + "\"},"));
    }

    private List<String> delete(int customers) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < customers; i++) {
            rig.stripe.data().randomLive(StripeObjectType.CUSTOMER, random).ifPresent(id -> {
                rig.stripe.data().delete(StripeObjectType.CUSTOMER, id);
                some.add(id);
            });
        }
        deleted.addAll(some);
        return some;
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
