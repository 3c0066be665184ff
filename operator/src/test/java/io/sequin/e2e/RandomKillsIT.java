package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.Seeds;
import io.sequin.Thoroughness;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SIGKILL of the packaged operator at many random moments: while it starts, fills tables, follows changes, deletes, and
 * reads tables again. It has four Syncs at once, each to a Postgres of another version, with fsync and synchronous_commit
 * on; two of them mark rows instead of deleting them. Some tables hold the children of others, some records can't be stored.
 *
 * <p>Repeat a run with {@code -Dseed=}; {@code -Dkills=} sets their number.
 */
class RandomKillsIT {
    /** With those of {@link KillIT} a hundred. */
    private static final int KILLS = Integer.getInteger("kills", Thoroughness.rounds(95, 300));

    /**
     * What one kill after the other is to meet. Those of a row follow each other without a pause, so that the later ones meet
     * what comes after a kill. Behind each row every table is compared with the source, and no re-sync is left that would mend
     * what a kill of another row has lost.
     */
    private static final List<List<Sort>> ROUND = List.of(
            List.of(Sort.BACKFILL, Sort.START, Sort.BACKFILL, Sort.TAIL),
            List.of(Sort.DELETES, Sort.START, Sort.TAIL),
            List.of(Sort.RESYNC, Sort.RESYNC, Sort.START, Sort.SWEEP),
            List.of(Sort.DELETES, Sort.TAIL));

    private final long seed = Seeds.seed(RandomKillsIT.class);
    private final Random random = new Random(seed);
    private final List<PostgresServer> servers = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Map<String, String> bystanders = new HashMap<>();
    private final Map<Sort, Integer> met = new EnumMap<>(Sort.class);
    private final Map<String, Integer> ended = new TreeMap<>();
    private int kills;
    private Rig rig;
    private Steering steering;

    @BeforeEach
    void start() throws SQLException {
        for (int major : new int[] {10, 14, 15, 18}) {
            servers.add(PostgresServer.startDurable(major));
        }
        rig = new Rig(
                servers.getLast(),
                "kills",
                UUID.randomUUID().toString(),
                "sk_test_" + UUID.randomUUID().toString().replace("-", ""),
                List.of());
        rig.stripe
                .data()
                .seed(
                        seed,
                        Map.of(
                                Filled.CUSTOMER.type(), 500,
                                Filled.PRODUCT.type(), 60,
                                Filled.CHARGE.type(), 800,
                                Filled.INVOICE.type(), 80,
                                Filled.SUBSCRIPTION.type(), 60));
        FaultRule slow = FaultRule.always(new Fault.Delay(Duration.ofMillis(20)));
        rig.stripe.faults().add(slow);
        rig.stripe
                .faults()
                .add(FaultRule.always(new Fault.Delay(Duration.ofMillis(100))).onPath("/v1/charges"));
        rig.rightApiKey();
        // of those that merge by MERGE, and of those that don't, one each
        boolean soft = random.nextBoolean();
        for (PostgresServer server : servers) {
            Site site = new Site(rig, server, soft);
            assertThat(site.schema.value("show fsync") + site.schema.value("show synchronous_commit"))
                    .isEqualTo("onon");
            site.apply();
            sites.add(site);
            soft = !soft;
        }
        steering = new Steering(rig, sites, random);
    }

    @AfterEach
    void stop() throws SQLException {
        if (rig != null) {
            rig.close();
        }
        for (Site site : sites) {
            site.close();
        }
        servers.forEach(PostgresServer::close);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void noKillLosesOrDoublesARowOrTouchesWhatIsOthersOrLeavesAnythingOpen() throws Exception {
        int rows = 0;
        while (kills < KILLS) {
            List<Sort> row = ROUND.get(rows++ % ROUND.size());
            killInARow(row.subList(0, Math.min(row.size(), KILLS - kills)));
            awaitTruth();
            awaitEndOfResync();
            if (bystanders.isEmpty()) {
                addBystanders();
            }
        }
        System.out.println("RandomKillsIT: the kills met " + met + " and ended the transactions " + ended);
        assertThat(met.keySet())
                .as("what the kills met")
                .containsAll(ROUND.stream().flatMap(List::stream).limit(KILLS).toList());
    }

    private void killInARow(List<Sort> row) throws Exception {
        for (int i = 0; i < row.size(); i++) {
            boolean caughtUp = i == 0 && kills > 0;
            steering.prepare(row.get(i), caughtUp);
            if (i > 0) {
                restart();
            }
            steering.lead(row.get(i));
            kill();
        }
        restart();
    }

    private void restart() {
        steering.change(10);
        steering.begin();
        rig.forgetLeader();
        rig.restart();
    }

    /** It is stopped first: what is seen then is what the kill meets. */
    private void kill() throws SQLException {
        rig.pause();
        Situation situation = steering.met();
        rig.kill();
        kills++;
        steering.letGo();
        situation.sorts().forEach(sort -> met.merge(sort, 1, Integer::sum));
        situation.open().forEach(name -> ended.merge(name, 1, Integer::sum));
        for (Site site : sites) {
            site.schema.awaitNothingLeftOpen("nothing of " + site.name() + " is left open", Steering.PATIENCE);
            site.schema.assertRowsAndCountsWereCommittedTogether();
            assertThat(site.look(rig.stripe.data()))
                    .as("rows that a kill must leave")
                    .isEmpty();
            String theirs = bystanders.get(site.name());
            if (theirs != null) {
                assertThat(site.schema.bystanders()).isEqualTo(theirs);
            }
        }
    }

    private void addBystanders() throws SQLException {
        for (Site site : sites) {
            site.schema.addBystanders();
            bystanders.put(site.name(), site.schema.bystanders());
        }
    }

    private void awaitEndOfResync() {
        for (Site site : sites) {
            await("every re-sync is done")
                    .atMost(Steering.PATIENCE)
                    .until(() -> rig.status("Sync", site.name())
                            .at("/resync/handledToken")
                            .asText()
                            .equals(steering.token()));
        }
    }

    /** Each Sync's tables, once it has caught up: nothing changes at the source meanwhile. */
    private void awaitTruth() {
        Map<Filled, Expected> expected = steering.hostility.expected();
        for (Site site : sites) {
            await("every table equals the source")
                    .atMost(Steering.PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .untilAsserted(() -> assertThat(site.differences(expected)).isEmpty());
        }
    }
}
