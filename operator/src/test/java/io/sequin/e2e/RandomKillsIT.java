package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.Thoroughness;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * SIGKILL of the packaged operator at many random moments: while it starts, fills tables, follows changes and deletes.
 * It has four Syncs at once, each to a Postgres of another version, with fsync and synchronous_commit on.
 *
 * <p>Repeat a run with {@code -Dseed=}; {@code -Dkills=} sets their number.
 */
class RandomKillsIT {
    private static final int KILLS = Integer.getInteger("kills", Thoroughness.rounds(100, 300));
    private static final Duration LONGEST_LIFE = Duration.ofMillis(3500);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<PostgresServer> servers = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() throws SQLException {
        System.out.println("RandomKillsIT: " + KILLS + " kills, repeat with -Dseed=" + seed);
        for (int major : new int[] {10, 14, 15, 18}) {
            servers.add(PostgresServer.start(major, PostgresOptions.standard().withDurability()));
        }
        rig = new Rig(
                servers.getLast(),
                "kills",
                UUID.randomUUID().toString(),
                "sk_test_" + UUID.randomUUID().toString().replace("-", ""),
                List.of());
        rig.stripe.data().seed(seed, 4000, 300, 8000);
        rig.stripe.faults().add(FaultRule.always(new Fault.Delay(Duration.ofMillis(20))));
        rig.rightApiKey();
        for (PostgresServer server : servers) {
            Site site = new Site(rig, server);
            assertThat(site.value("show fsync") + site.value("show synchronous_commit"))
                    .isEqualTo("onon");
            site.apply();
            sites.add(site);
        }
    }

    @AfterEach
    void stop() {
        if (rig != null) {
            rig.close();
        }
        servers.forEach(PostgresServer::close);
    }

    @Test
    void noKillLosesOrDoublesARowOrTouchesWhatIsOthersOrLeavesAnythingOpen() throws Exception {
        Map<String, String> bystanders = new HashMap<>();
        for (int kill = 0; kill < KILLS; kill++) {
            TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_LIFE.toMillis()));
            rig.kill();
            change();
            rig.restart();
            for (Site site : sites) {
                site.assertRowsAndCountsWereCommittedTogether();
            }
            if (kill == KILLS / 2) {
                await("every schema is there")
                        .atMost(Rig.PATIENCE)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> sites.stream().allMatch(RandomKillsIT::hasCustomers));
                for (Site site : sites) {
                    site.addBystanders();
                    bystanders.put(site.name(), site.bystanders());
                }
            }
        }
        await("every table equals the source")
                .atMost(Rig.PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    for (Site site : sites) {
                        assertThat(site.differences()).isEmpty();
                    }
                });
        for (Site site : sites) {
            site.assertRowsAndCountsWereCommittedTogether();
            assertThat(site.bystanders()).isEqualTo(bystanders.get(site.name()));
        }
        rig.kill();
        await("nothing is left open").atMost(Rig.PATIENCE).untilAsserted(() -> {
            for (Site site : sites) {
                assertThat(site.leftOpen()).as(site.name()).isEqualTo("0 0");
            }
        });
    }

    private void change() {
        rig.stripe.data().churn(random, 10);
        rig.stripe
                .data()
                .randomLive(StripeObjectType.CUSTOMER, random)
                .ifPresent(id -> rig.stripe.data().delete(StripeObjectType.CUSTOMER, id));
    }

    private static boolean hasCustomers(Site site) {
        try {
            return site.value("select to_regclass('stripe.customer') is not null")
                    .equals("t");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
