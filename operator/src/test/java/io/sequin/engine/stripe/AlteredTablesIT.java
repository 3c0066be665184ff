package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.postgres.PostgresProblem;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A synced table that somebody has altered so that it can't be written stands still alone, and says what cures it. */
class AlteredTablesIT {
    private static final String TABLE = "\"stripe it\".\"customer\"";

    /**
     * What somebody does to table customer.
     *
     * @param by the statements; {@code USER} is the user that syncs
     * @param cure the statement that the problem must have, and name in its message
     */
    private record Alteration(String by, PostgresProblem code, String cure) {}

    private static final Alteration NO_KEY = new Alteration(
            "alter table " + TABLE + " drop constraint customer_pkey; create index if not exists \"of no help\" on "
                    + TABLE + " (name)",
            PostgresProblem.TABLE_ALTERED,
            "alter table " + TABLE + " add primary key (\"id\");");

    private static final Alteration LATE_KEY = new Alteration(
            "alter table " + TABLE + " drop constraint customer_pkey,"
                    + " add constraint \"late key\" primary key (id) deferrable",
            PostgresProblem.TABLE_ALTERED,
            "alter table " + TABLE + " drop constraint \"late key\", add primary key (\"id\");");

    private static final Alteration REVOKED = new Alteration(
            "revoke insert, update on " + TABLE + " from \"USER\"",
            PostgresProblem.MISSING_GRANTS,
            "grant insert, update on " + TABLE + " to \"USER\";");

    private static final Alteration SECURED = new Alteration(
            "alter table " + TABLE + " enable row level security; alter table " + TABLE + " force row level security;"
                    + " create policy \"no rows\" on " + TABLE + " using (true) with check (false)",
            PostgresProblem.TABLE_ALTERED,
            "alter table " + TABLE + " no force row level security;");

    private static final Alteration HIDDEN = new Alteration(
            "alter table " + TABLE + " force row level security; drop policy \"no rows\" on " + TABLE + ";"
                    + " create policy \"unseen\" on " + TABLE + " using (false) with check (true)",
            PostgresProblem.TABLE_ALTERED,
            "alter table " + TABLE + " no force row level security;");

    private static final Alteration UNLOGGED = new Alteration(
            "alter table " + TABLE + " set unlogged",
            PostgresProblem.TABLE_ALTERED,
            "alter table " + TABLE + " set logged;");

    private static final Alteration PUBLISHED = new Alteration(
            "create publication all_of_it for table " + TABLE + "; alter table " + TABLE + " replica identity nothing",
            PostgresProblem.TABLE_ALTERED,
            "alter table " + TABLE + " replica identity default;");

    private static final Alteration RULED = new Alteration(
            "create rule \"tell all\" as on update to " + TABLE + " do also notify changed",
            PostgresProblem.TABLE_ALTERED,
            "drop rule \"tell all\" on " + TABLE + ";");

    @OnPostgres({10, 18})
    void standsStillAloneAndGoesOnWithoutLossOnceItIsCured(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(31, 30, 10, 10);
            sync.start();
            sync.awaitLive();
            for (Alteration alteration : List.of(REVOKED, SECURED, HIDDEN, UNLOGGED, PUBLISHED, RULED, NO_KEY)) {
                standsStillUntilCured(sync, alteration);
            }
            if (major < 15) {
                // MERGE needs none that is checked at once
                standsStillUntilCured(sync, LATE_KEY);
            }
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static void standsStillUntilCured(StripeSync sync, Alteration alteration) throws Exception {
        StripeData data = sync.stripe.data();
        String changed = data.create(StripeObjectType.CUSTOMER);
        String deleted = data.create(StripeObjectType.CUSTOMER);
        sync.awaitTruth();
        sync.sql(alteration.by().replace("USER", sync.user()));

        data.create(StripeObjectType.CUSTOMER);
        data.update(StripeObjectType.CUSTOMER, changed, c -> c.put("name", "Changed"));
        data.delete(StripeObjectType.CUSTOMER, deleted);
        Problem problem = awaitFailing(sync);
        String cure = alteration.cure().replace("USER", sync.user());
        assertThat(problem.code()).isEqualTo(alteration.code());
        assertThat(problem.message()).contains(TABLE, cure);
        assertThat(problem.cure())
                .singleElement()
                .satisfies(step -> assertThat(step.sql()).isEqualTo(cure));
        othersGoOn(sync, data);

        problem.cure().forEach(step -> sync.sql(step.sql()));
        sync.awaitLive();
        sync.awaitTruth();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 15)
    void standsStillAloneAlsoInItsFirstPassAndAfterARestart(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(32, 30, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.remove();
            sync.sql("update \"stripe it\"._sync_table set phase = 'FIRST_PASS' where name = 'customer'");
            sync.sql("delete from \"stripe it\"._sync_state where lane = 'backfill:customer'");
            sync.sql(REVOKED.by().replace("USER", sync.user()));
            String changed = data.create(StripeObjectType.CUSTOMER);
            sync.start();
            assertThat(awaitFailing(sync).code()).isEqualTo(PostgresProblem.MISSING_GRANTS);
            data.update(StripeObjectType.CUSTOMER, changed, c -> c.put("name", "Changed"));
            othersGoOn(sync, data);

            sync.sql(REVOKED.cure().replace("USER", sync.user()));
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    /** MERGE of 15 and 16 inserts what it can't see, and is refused for the key; earlier and later versions by the policy. */
    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 15)
    void aRowThatAPolicyHidesIsNoDouble(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(35, 10, 5, 5);
            sync.start();
            sync.awaitLive();
            standsStillUntilCured(sync, SECURED);
            standsStillUntilCured(sync, HIDDEN);
        }
    }

    /** As a crash of the server leaves a table that somebody has made unlogged; TRUNCATE does the same. */
    @OnPostgres({10, 18})
    void aTableThatACrashHasEmptiedIsFilledAnewOnceItIsLoggedAgain(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(34, 30, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.remove();
            sync.sql(UNLOGGED.by());
            sync.sql("truncate " + TABLE);
            sync.start();
            Problem problem = awaitFailing(sync);
            assertThat(problem.code()).isEqualTo(PostgresProblem.TABLE_ALTERED);
            assertThat(problem.message()).contains("is empty already");
            othersGoOn(sync, data);

            problem.cure().forEach(step -> sync.sql(step.sql()));
            sync.awaitLive();
            sync.awaitTruth();
            sync.sql("do $$ begin if (select count(*) from " + TABLE + ") <> (select rows from"
                    + " \"stripe it\"._sync_table where name = 'customer') then raise 'counted wrong'; end if; end $$");
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 14)
    void whatKeepsAllTablesFromBeingWrittenStaysATroubleOfTheSync(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(33, 30, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.sql("revoke usage on schema \"stripe it\" from \"" + sync.user() + "\"");
            sync.stripe.data().create(StripeObjectType.CUSTOMER);
            SyncSnapshot failing = sync.awaitSnapshot(
                    "the schema is out of reach",
                    s -> s.schema()
                            .filter(p -> p.code() == PostgresProblem.MISSING_GRANTS)
                            .isPresent());
            assertThat(failing.tables()).allMatch(t -> t.state() != TableState.FAILING);
            sync.sql("grant usage on schema \"stripe it\" to \"" + sync.user() + "\"");
            sync.awaitTruth();
        }
    }

    /** The table's own problem; nothing is said of the Sync. */
    private static Problem awaitFailing(StripeSync sync) {
        SyncSnapshot failing = sync.awaitSnapshot(
                "customer stands still",
                s -> s.tables().stream().anyMatch(t -> t.name().equals("customer") && t.state() == TableState.FAILING));
        return StripeSync.table(failing, "customer").problem().orElseThrow();
    }

    private static void othersGoOn(StripeSync sync, StripeData data) {
        for (int i = 0; i < 3; i++) {
            data.create(StripeObjectType.CHARGE);
            data.create(StripeObjectType.CUSTOMER);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(sync.differences(StripeObjectType.CHARGE)).isEmpty();
                SyncSnapshot now = sync.awaitSnapshot("any", s -> true);
                assertThat(now.destination()).isEmpty();
                assertThat(now.schema()).isEmpty();
                assertThat(StripeSync.table(now, "customer").state()).isEqualTo(TableState.FAILING);
            });
        }
    }
}
