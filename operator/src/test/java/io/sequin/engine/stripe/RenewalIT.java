package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Sync to which nothing happens looks after its schema on a real server. */
class RenewalIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CLAIM = "select owner->>'renewedAt' from \"stripe it\"._sync_writer";
    private static final String TOKEN = "select token from \"stripe it\"._sync_writer";
    private static final List<String> TABLES =
            List.of("customer", "product", "charge", "_sync_state", "_sync_table", "_sync_dirty");

    private final StripeSync sync = new StripeSync(PostgresServer.shared(15), Duration.ofMillis(300));
    private final StripeData data = sync.stripe.data();

    @BeforeEach
    void idle() {
        data.seed(3, 40, 20, 60);
        sync.start();
        sync.awaitLive();
        sync.awaitTruth();
    }

    @AfterEach
    void close() {
        sync.close();
    }

    private void awaitChange(String query, String from) {
        await(query).atMost(SOON).until(() -> !sync.value(query).equals(from));
    }

    @Test
    void theClaimIsRenewedAndNoLaneMovesForIt() {
        String lanes = sync.value("select sum(seq) from \"stripe it\"._sync_state");
        String token = sync.value(TOKEN);
        awaitChange(CLAIM, sync.value(CLAIM));
        assertThat(sync.value("select sum(seq) from \"stripe it\"._sync_state")).isEqualTo(lanes);
        assertThat(sync.value(TOKEN)).isEqualTo(token);
        assertThat(sync.crashes).isEmpty();
    }

    @Test
    void anotherWriterIsNoticedWhileNothingChanges() {
        String other = "00000000-0000-0000-0000-000000000001";
        sync.sql("update \"stripe it\"._sync_writer set token = '" + other + "'");
        awaitChange(TOKEN, other);
        sync.awaitLive();
        data.churn(new Random(4), 20);
        sync.awaitTruth();
    }

    /** As after a failover that lost the last commits: the token is the same, rows and cursors are older. */
    @Test
    void whatTheDatabaseLostIsReadAgainThoughTheSourceHasNothingNew() {
        StringBuilder save = new StringBuilder("create schema backup;");
        StringBuilder restore = new StringBuilder("begin;");
        for (String table : TABLES) {
            save.append("create table backup.%1$s as table \"stripe it\".%1$s;".formatted(table));
            restore.append("delete from \"stripe it\".%1$s; insert into \"stripe it\".%1$s table backup.%1$s;"
                    .formatted(table));
        }
        sync.sql(save.toString());
        data.churn(new Random(5), 40);
        data.randomLive(StripeObjectType.CUSTOMER, new Random(5))
                .ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
        sync.awaitTruth();
        String token = sync.value(TOKEN);
        sync.sql(restore.append("commit").toString());
        awaitChange(TOKEN, token);
        sync.awaitTruth();
        assertThat(sync.crashes).isEmpty();
    }
}
