package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.Seeds;
import io.sequin.Thoroughness;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
 * on.
 *
 * <p>Repeat a run with {@code -Dseed=}; {@code -Dkills=} sets their number.
 */
class RandomKillsIT {
    private static final int KILLS = Integer.getInteger("kills", Thoroughness.rounds(100, 300));

    /**
     * What one kill after the other is to meet. After the first TAIL every table is there. Before each TAIL what is there is
     * compared with the source, and between the last and the first two of the next round no re-sync runs that would mend what a
     * kill had lost.
     */
    private static final List<Sort> CYCLE = List.of(
            Sort.BACKFILL,
            Sort.START,
            Sort.BACKFILL,
            Sort.TAIL,
            Sort.DELETES,
            Sort.START,
            Sort.TAIL,
            Sort.RESYNC,
            Sort.RESYNC,
            Sort.START,
            Sort.SWEEP,
            Sort.DELETES,
            Sort.TAIL);

    private final long seed = Seeds.seed(RandomKillsIT.class);
    private final Random random = new Random(seed);
    private final List<PostgresServer> servers = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Map<String, String> bystanders = new HashMap<>();
    private final Map<Sort, Integer> met = new EnumMap<>(Sort.class);
    private final Map<String, Integer> ended = new TreeMap<>();
    private Rig rig;

    @BeforeEach
    void start() throws SQLException {
        for (int major : new int[] {10, 14, 15, 18}) {
            servers.add(PostgresServer.start(major, PostgresOptions.standard().withDurability()));
        }
        rig = new Rig(
                servers.getLast(),
                "kills",
                UUID.randomUUID().toString(),
                "sk_test_" + UUID.randomUUID().toString().replace("-", ""),
                List.of());
        rig.stripe.data().seed(seed, 1500, 100, 2500);
        FaultRule slow = FaultRule.always(new Fault.Delay(Duration.ofMillis(20)));
        rig.stripe.faults().add(slow);
        rig.stripe.faults().add(slow.onPath("/v1/charges"));
        rig.rightApiKey();
        for (PostgresServer server : servers) {
            Site site = new Site(rig, server);
            assertThat(site.schema.value("show fsync") + site.schema.value("show synchronous_commit"))
                    .isEqualTo("onon");
            site.apply();
            sites.add(site);
        }
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
        Steering steering = new Steering(rig, sites, random);
        Set<Sort> wanted = EnumSet.noneOf(Sort.class);
        for (int kill = 0; kill < KILLS; kill++) {
            Sort sort = CYCLE.get(kill % CYCLE.size());
            wanted.add(sort);
            if (kill % CYCLE.size() == CYCLE.size() - 1) {
                awaitEndOfResync(steering.token());
            }
            if (sort == Sort.TAIL) {
                awaitTruth();
            }
            steering.lead(sort);
            kill(steering);
            if (kill == CYCLE.size() - 1) {
                addBystanders();
            }
            steering.prepare(CYCLE.get((kill + 1) % CYCLE.size()));
            rig.forgetLeader();
            rig.restart();
        }
        steering.letGo();
        awaitTruth();
        awaitEndOfResync(steering.token());
        System.out.println("RandomKillsIT: the kills met " + met + " and ended the transactions " + ended);
        assertThat(met.keySet()).as("what the kills met").containsAll(wanted);
    }

    /** It is stopped first: what is seen then is what the kill meets. */
    private void kill(Steering steering) throws SQLException {
        rig.pause();
        Situation situation = steering.met();
        rig.kill();
        steering.letGo();
        situation.sorts().forEach(sort -> met.merge(sort, 1, Integer::sum));
        situation.open().forEach(name -> ended.merge(name, 1, Integer::sum));
        for (Site site : sites) {
            site.schema.awaitNothingLeftOpen("nothing of " + site.name() + " is left open", Steering.PATIENCE);
            site.schema.assertRowsAndCountsWereCommittedTogether();
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

    private void awaitEndOfResync(String token) {
        for (Site site : sites) {
            await("every re-sync is done")
                    .atMost(Steering.PATIENCE)
                    .until(() -> rig.status("Sync", site.name())
                            .at("/resync/handledToken")
                            .asText()
                            .equals(token));
        }
    }

    private void awaitTruth() {
        Map<String, Map<String, JsonNode>> truth = new TreeMap<>();
        StripeObjectType.core()
                .forEach(type -> truth.put(type.wireName(), rig.stripe.data().truth(type)));
        await("every table equals the source")
                .atMost(Steering.PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    for (Site site : sites) {
                        assertThat(site.differences(truth)).isEmpty();
                    }
                });
    }
}
