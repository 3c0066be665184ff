package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.postgres.PostgresProblem;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;

/** What users hang on a synced table stops that table, and no other one. */
class RefusedDeletesIT {
    @OnPostgres({10, 18})
    void aForeignKeyOfTheUsersStopsItsTableOnlyAndTheDeleteComesOnceItIsDropped(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(21, 40, 10, 10);
            String kept = data.create(StripeObjectType.CUSTOMER);
            sync.start();
            sync.awaitLive();
            sync.sql(
                    "create table public.notes (customer text constraint notes_of references \"stripe it\".customer(id))");
            sync.sql("insert into public.notes values ('" + kept + "')");

            data.delete(StripeObjectType.CUSTOMER, kept);
            Problem refused = awaitRefused(sync, "customer");
            assertThat(refused.message()).contains("\"notes_of\"", "\"public\".\"notes\"", "\"customer\"");
            othersGoOn(sync, data);

            sync.sql("alter table public.notes drop constraint notes_of");
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    @OnPostgres({10, 18})
    void whatIsCheckedAtTheCommitOnlyStopsItsTableOnlyToo(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(23, 40, 10, 10);
            String kept = data.create(StripeObjectType.CUSTOMER);
            sync.start();
            sync.awaitLive();
            sync.sql("create schema others");
            sync.sql("create table others.notes (customer text constraint late_notes"
                    + " references \"stripe it\".customer(id) deferrable initially deferred)");
            sync.sql("insert into others.notes values ('" + kept + "')");

            data.delete(StripeObjectType.CUSTOMER, kept);
            data.create(StripeObjectType.CHARGE);
            Problem refused = awaitRefused(sync, "customer");
            assertThat(refused.message()).contains("\"late_notes\"", "\"others\".\"notes\"", "\"customer\"");
            othersGoOn(sync, data);

            sync.sql("alter table others.notes drop constraint late_notes");
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    @OnPostgres({10, 18})
    void aTriggerOfTheUsersStopsItsTableOnlyAlsoAcrossARestart(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(22, 40, 10, 10);
            String kept = data.create(StripeObjectType.CUSTOMER);
            sync.start();
            sync.awaitLive();
            sync.sql("create function public.keep() returns trigger language plpgsql as"
                    + " $$ begin raise exception 'no, % stays', old.id; end $$");
            sync.sql("create trigger keep before delete on \"stripe it\".customer"
                    + " for each row execute procedure public.keep()");

            data.delete(StripeObjectType.CUSTOMER, kept);
            assertThat(awaitRefused(sync, "customer").message())
                    .contains("trigger", "P0001")
                    .doesNotContain(kept);
            othersGoOn(sync, data);
            sync.restart(Duration.ofMillis(300));
            othersGoOn(sync, data);
            awaitRefused(sync, "customer");

            sync.sql("drop trigger keep on \"stripe it\".customer");
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static Problem awaitRefused(StripeSync sync, String table) {
        SyncSnapshot failing = sync.awaitSnapshot(
                table + " refuses a delete",
                s -> s.tables().stream()
                        .anyMatch(t -> t.name().equals(table)
                                && t.problem()
                                        .filter(p -> p.code() == PostgresProblem.DELETE_REFUSED)
                                        .isPresent()));
        assertThat(failing.destination()).isEmpty();
        return StripeSync.table(failing, table).problem().orElseThrow();
    }

    private static void othersGoOn(StripeSync sync, StripeData data) {
        data.create(StripeObjectType.CHARGE);
        data.create(StripeObjectType.PRODUCT);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(sync.differences(StripeObjectType.CHARGE)).isEmpty();
            assertThat(sync.differences(StripeObjectType.PRODUCT)).isEmpty();
        });
    }
}
