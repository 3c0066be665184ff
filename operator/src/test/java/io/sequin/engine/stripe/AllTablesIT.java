package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.OnPostgres;
import io.sequin.source.stripe.StripeTruth;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Every table of Stripe's, by key and content, children included: filled, then followed. */
class AllTablesIT {
    private static final Duration LONG = Duration.ofMinutes(4);

    @OnPostgres({10, 14, 15, 18})
    void everyTableIsTheTruthAfterItsFirstPassAndAfterChanges(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seedAll(21, 2);
            sync.startAll(StripePlans.POLL);
            await("every table is the truth")
                    .atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .untilAsserted(() -> assertThat(differences(sync)).isEmpty());
            sync.awaitLive();
            awaitWalks(sync);

            data.churn(new Random(22), 150);
            data.settleAll();
            // what is read at a slow rhythm is read at once by a loop that begins anew
            sync.startAll(Duration.ofMillis(300));
            await("every table is the truth again")
                    .atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(differences(sync)).isEmpty());
            assertThat(sync.crashes).isEmpty();
        }
    }

    /** Until what is read at a slow rhythm was read to its end: a loop that begins anew would first read the rest only. */
    private static void awaitWalks(StripeSync sync) {
        await("no walk is under way")
                .atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> sync.value("select count(*) from \"stripe it\"._sync_state where lane like 'again:%' and"
                                + " (seq = 0 or jsonb_exists_any(checkpoint, array['after', 'inside', 'rest']))"),
                        "0"::equals);
    }

    private static List<String> differences(StripeSync sync) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection connection = sync.server.superuser(sync.database)) {
            for (Map.Entry<String, Map<String, JsonNode>> table :
                    StripeTruth.of(sync.stripe.data()).entrySet()) {
                all.addAll(TableTruth.differences(connection, StripeSync.SCHEMA, table.getKey(), table.getValue()));
            }
        }
        return all;
    }
}
