package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.LoggedRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SIGKILL of the packaged operator. Postgres runs with fsync and synchronous_commit on. */
class KillIT {
    private static final int KILLS = 5;
    private static final Map<String, String> PATHS =
            Map.of("customer", "/v1/customers", "product", "/v1/products", "charge", "/v1/charges");

    @Test
    void killedAtRandomMomentsItLosesAndDoublesNothingAndFetchesNoCommittedPageAgain() throws Exception {
        long seed = Seeds.seed(KillIT.class);
        Random random = new Random(seed);
        try (PostgresServer postgres = PostgresServer.startDurable(18);
                Rig rig = new Rig(
                        postgres,
                        "kill",
                        UUID.randomUUID().toString(),
                        "sk_test_" + UUID.randomUUID().toString().replace("-", ""),
                        List.of())) {
            rig.stripe.data().seed(seed, 6000, 300, 12000);
            rig.stripe.faults().add(FaultRule.always(new Fault.Delay(Duration.ofMillis(30))));
            rig.grantCreate();
            rig.applyAll();
            rig.await("Sync", "stripe", "SchemaReady", "True");

            for (int kill = 0; kill < KILLS; kill++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2500));
                rig.stripe.data().churn(random, 20);
                rig.kill();
                awaitEndOfItsCommits(rig);
                Map<String, String> committed = firstPasses(rig);
                Instant restarted = Instant.now();
                rig.restart();
                rig.awaitLeading();
                assertThat(resumedElsewhere(rig, restarted, committed))
                        .as("first pages asked for after kill %d, against the committed checkpoints", kill)
                        .isEmpty();
            }

            rig.await("Sync", "stripe", "BackfillComplete", "True");
            rig.awaitEqual("stripe");
        }
    }

    /** The server may still be at work for a client that is dead. */
    private static void awaitEndOfItsCommits(Rig rig) throws SQLException {
        try (SyncedSchema schema = new SyncedSchema(rig.postgres.superuser(rig.database))) {
            schema.awaitNothingLeftOpen("what it had under way is over", Rig.PATIENCE);
        }
    }

    /** Each unfinished first pass that has committed something, with the id its next page comes after. */
    private static Map<String, String> firstPasses(Rig rig) throws SQLException {
        Map<String, String> found = new HashMap<>();
        try (Connection connection = rig.postgres.superuser(rig.database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select t.name, t.phase, s.checkpoint ->> 'after'
                          from stripe._sync_table t join stripe._sync_state s on s.lane = 'backfill:' || t.name""")) {
            while (rows.next()) {
                boolean live = rows.getString(2).equals("LIVE");
                String after = rows.getString(3);
                if (live || after != null) {
                    found.put(rows.getString(1), live ? "" : after);
                }
            }
        }
        return found;
    }

    /** Lists of a table that began anywhere else than after what was committed; a finished one must not be listed. */
    private static List<String> resumedElsewhere(Rig rig, Instant restarted, Map<String, String> committed) {
        // requests of the one that was killed may be answered, and logged, later
        List<LoggedRequest> since = rig.stripe.requests().all().stream()
                .filter(request -> request.at().isAfter(restarted))
                .toList();
        return committed.entrySet().stream()
                .flatMap(table -> since.stream()
                        .filter(request -> request.path().equals(PATHS.get(table.getKey())))
                        .limit(1)
                        .filter(request ->
                                table.getValue().isEmpty() || !request.query().contains(table.getValue()))
                        .map(request ->
                                table.getKey() + " asked " + request.query() + ", committed after " + table.getValue()))
                .toList();
    }
}
