package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.postgres.Identifier;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The engine with the real Stripe connector, a fake Stripe and a real Postgres. */
class EngineIT {
    private static final String ERRORS = Identifier.quote(StripeSync.SCHEMA, "_sync_error");
    private static final int MAJOR = 18;

    @OnPostgres({10, 15, 18})
    void fillsEveryTableFromNothingThenFollowsChangesAndDeletes(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(11, 700, 150, 900);
            sync.start();
            SyncSnapshot live = sync.awaitLive();
            assertThat(sync.differences()).isEmpty();
            assertThat(live.committed()).isTrue();
            assertThat(StripeSync.table(live, "customer").rows()).isEqualTo(data.count(StripeObjectType.CUSTOMER));

            Random random = new Random(12);
            data.churn(random, 120);
            for (int i = 0; i < 20; i++) {
                data.randomLive(StripeObjectType.CUSTOMER, random)
                        .ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
            }
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    @Test
    void aRestartReadsNothingThatIsCommittedAgain() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(1, 300, 50, 50);
            sync.start();
            sync.awaitLive();
            sync.stripe.requests().clear();
            sync.restart(Duration.ofMillis(300));
            sync.stripe.data().create(StripeObjectType.CUSTOMER);
            sync.awaitTruth();
            assertThat(sync.stripe.requests().count("/v1/customers")).isZero();
            assertThat(sync.stripe.requests().count("/v1/charges")).isZero();
        }
    }

    /** What the next transaction will have that writes or locks a row: of a table, or of a catalog. */
    private static final String NEXT_WRITE = "select txid_snapshot_xmax(txid_current_snapshot())";

    @OnPostgres({10, 18})
    void anIdlePollWritesNothing(int major) throws Exception {
        // nobody else's transactions
        PostgresOptions alone = PostgresOptions.standard().withDurability().withSetting("autovacuum", "off");
        try (PostgresServer server = PostgresServer.start(major, alone);
                StripeSync sync = new StripeSync(server)) {
            sync.stripe.data().seed(1, 20, 5, 5);
            sync.start();
            sync.awaitLive();
            SyncSnapshot live = awaitPollAfter(sync, Instant.EPOCH);
            String next = sync.value(NEXT_WRITE);
            // Stripe's clock has whole seconds
            SyncSnapshot later =
                    awaitPollAfter(sync, live.caughtUp().orElseThrow().plusSeconds(2));
            assertThat(sync.value(NEXT_WRITE)).isEqualTo(next);
            assertThat(later.material()).isEqualTo(live.material());
            assertThat(later.tables()).isEqualTo(live.tables());
        }
    }

    private static SyncSnapshot awaitPollAfter(StripeSync sync, Instant then) {
        return sync.awaitSnapshot(
                "a poll that saw all until after " + then,
                s -> s.caughtUp().filter(c -> c.isAfter(then)).isPresent());
    }

    @OnPostgres({10, 15, 18})
    void anExpiredCursorIsCuredByThePrintedSqlAndAFreshStart(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(3, 300, 120, 250);
            sync.start();
            sync.awaitLive();
            sync.remove();
            sync.sql("update \"stripe it\"._sync_state set checkpoint = checkpoint || '{\"floor\": 1577836800}'"
                    + " where lane = 'events'");
            sync.sql("create view public.reporting as select * from \"stripe it\".customer");
            String untouched = "select md5(string_agg(p::text, '|' order by id)) from \"stripe it\".product p";
            String before = sync.value(untouched);
            String changed =
                    data.randomLive(StripeObjectType.CUSTOMER, new Random(4)).orElseThrow();
            data.update(StripeObjectType.CUSTOMER, changed, c -> c.put("name", "while the cursor was too old"));
            data.create(StripeObjectType.CHARGE);

            sync.start();
            Problem expired = sync.awaitSnapshot(
                            "the expired cursor", s -> s.source().isPresent())
                    .source()
                    .orElseThrow();
            assertThat(expired.code()).isEqualTo(SourceProblem.CURSOR_EXPIRED);
            assertThat(expired.message()).contains("status.instructions", "spec.suspend");
            assertThat(sync.differences()).as("nothing is read meanwhile").isNotEmpty();

            expired.cure().forEach(step -> sync.sql(step.sql()));
            sync.restart(Duration.ofMillis(300));

            sync.awaitSnapshot("the source is well", s -> s.source().isEmpty());
            sync.awaitTruth();
            sync.awaitLive();
            assertThat(sync.value(untouched))
                    .as("unchanged rows are not written")
                    .isEqualTo(before);
            data.create(StripeObjectType.CUSTOMER);
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    @Test
    void aRecordThatPostgresRefusesIsSetAsideAlone() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            StripeData data = sync.stripe.data();
            data.seed(3, 100, 30, 30);
            sync.start();
            sync.awaitLive();
            String hostile = data.create(
                    StripeObjectType.PRODUCT, p -> p.withObject("/metadata").put("n", new BigDecimal("1e999999")));
            data.create(StripeObjectType.PRODUCT);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(sync.value("select string_agg(key::text, ',') from " + ERRORS))
                            .isEqualTo("{" + hostile + "}"));
            assertThat(sync.differences(StripeObjectType.PRODUCT))
                    .as("all others")
                    .hasSize(1);
            SyncSnapshot told = sync.awaitSnapshot(
                    "one record set aside", s -> StripeSync.table(s, "product").errors() == 1);
            assertThat(StripeSync.table(told, "product").state()).isEqualTo(TableState.LIVE);

            data.update(
                    StripeObjectType.PRODUCT,
                    hostile,
                    p -> p.withObject("/metadata").put("n", "mended"));
            sync.wake();
            sync.awaitTruth();
            assertThat(sync.value("select count(*) from " + ERRORS)).isEqualTo("0");
            sync.awaitSnapshot(
                    "none set aside", s -> StripeSync.table(s, "product").errors() == 0);
        }
    }

    @Test
    void aTableThatSomebodyDropsIsFilledAgain() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(10, 60, 20, 20);
            sync.start();
            sync.awaitLive();
            sync.sql("drop table \"stripe it\".product");
            sync.stripe.data().create(StripeObjectType.PRODUCT);
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(sync.differences()).isEmpty());
            sync.awaitLive();
        }
    }

    @Test
    void anotherWriterFencesTheLoopOutUntilItTakesTheSchemaAgain() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            StripeData data = sync.stripe.data();
            data.seed(12, 60, 20, 20);
            sync.start();
            sync.awaitLive();
            sync.sql("update \"stripe it\"._sync_writer set token = '00000000-0000-0000-0000-000000000001'");
            data.create(StripeObjectType.CUSTOMER);
            sync.awaitTruth();
            assertThat(sync.value("select count(*) from \"stripe it\"._sync_writer"
                            + " where token <> '00000000-0000-0000-0000-000000000001'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aRemovedSyncLetsGoOfItsSchema() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(13, 20, 5, 5);
            sync.start();
            sync.awaitLive();
            sync.remove();
            assertThat(sync.value("select owner ? 'releasedAt' from \"stripe it\"._sync_writer"))
                    .isEqualTo("t");
            assertThat(sync.budget.available()).isEqualTo(8 << 20);
        }
    }
}
