package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.TableSelection;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.stripe.StripePermission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The key of the source: what it may read, when it is wrong, changes, or is somebody else's. */
class SourceKeyIT {
    private static final int MAJOR = 18;
    private static final String OTHER_KEY = "sk_test_51AnotherKeyOfTheAccount";

    @Test
    void aTableThatTheKeyMayNotReadFailsAloneAndComesAfterTheGrant() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            StripeData data = sync.stripe.data();
            data.seed(2, 200, 40, 150);
            Set<StripePermission> withoutCharges = StripePermission.allBut(StripePermission.CHARGE_READ);
            String restricted = "rk_test_51RestrictedKeyOfTheAccount";
            sync.stripe.keys().add(ApiKey.restricted(restricted, FakeStripe.ACCOUNT, withoutCharges));
            sync.secrets.put("api-key", restricted);
            sync.start();
            SyncSnapshot snapshot = sync.awaitSnapshot(
                    "customers live, charges failing", s -> isLive(s, "customer") && isFailing(s, "charge"));
            assertThat(StripeSync.table(snapshot, "charge").problem().map(Problem::code))
                    .contains(SourceProblem.PERMISSION_DENIED);

            data.create(StripeObjectType.CHARGE);
            String created = data.create(StripeObjectType.CUSTOMER);
            sync.awaitTruth(List.of(StripeObjectType.CUSTOMER));
            assertThat(data.find(StripeObjectType.CUSTOMER, created)).isPresent();

            sync.stripe.keys().permit(restricted, StripePermission.all());
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    @Test
    void aWrongKeyIsSaidAndTheRightOneWorksWithoutARestart() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(4, 50, 10, 10);
            sync.secrets.put("api-key", "sk_test_51WrongKeyWrongKey");
            sync.start();
            awaitSourceProblem(sync, SourceProblem.AUTHENTICATION_FAILED);
            assertThat(sync.value("select count(*) from pg_namespace where nspname = 'stripe it'"))
                    .isEqualTo("0");
            sync.secrets.put("api-key", FakeStripe.TEST_KEY);
            sync.wake();
            assertThat(sync.awaitLive().source()).isEmpty();
            assertThat(sync.differences()).isEmpty();
        }
    }

    @Test
    void aRevokedKeyIsSaidTablesStayAndARotatedOneGoesOn() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            StripeData data = sync.stripe.data();
            data.seed(5, 50, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.stripe.keys().revoke(FakeStripe.TEST_KEY);
            data.create(StripeObjectType.CUSTOMER);
            awaitSourceProblem(sync, SourceProblem.AUTHENTICATION_FAILED);
            assertThat(sync.value("select count(*) from \"stripe it\".customer"))
                    .isEqualTo("50");
            sync.stripe.keys().add(ApiKey.secret(OTHER_KEY, FakeStripe.ACCOUNT));
            sync.secrets.put("api-key", OTHER_KEY);
            sync.awaitTruth();
            sync.awaitSnapshot("no trouble", s -> s.source().isEmpty());
        }
    }

    @Test
    void aKeyOfAnotherAccountWritesNothing() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(6, 50, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.stripe.keys().add(ApiKey.secret("sk_test_51KeyOfSomebodyElse", "acct_1SomebodyElse"));
            sync.stripe.data("acct_1SomebodyElse", false).seed(7, 20, 5, 5);
            sync.secrets.put("api-key", "sk_test_51KeyOfSomebodyElse");
            sync.restart(Duration.ofMillis(300));
            awaitSourceProblem(sync, SourceProblem.ACCOUNT_CHANGED);
            assertThat(sync.differences()).isEmpty();
            sync.secrets.put("api-key", FakeStripe.TEST_KEY);
            sync.stripe.data().create(StripeObjectType.CUSTOMER);
            sync.awaitTruth();
        }
    }

    @Test
    void anotherAccountsDataComesInPlaceOnceANewTokenAsksForItAndTheFormerOnesGoes() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(8, 150, 10, 30);
            sync.start();
            sync.awaitLive();
            sync.stripe.keys().add(ApiKey.secret("sk_test_51KeyOfSomebodyElse", "acct_1SomebodyElse"));
            StripeData other = sync.stripe.data("acct_1SomebodyElse", false);
            other.seed(9, 120, 15, 40);
            sync.sql("create view public.names as select name from \"stripe it\".customer");
            sync.secrets.put("api-key", "sk_test_51KeyOfSomebodyElse");
            sync.restart(Duration.ofMillis(300));
            awaitSourceProblem(sync, SourceProblem.ACCOUNT_CHANGED);
            assertThat(sync.differences()).isEmpty();

            sync.resync("the other account", DeleteGuard.USUAL);
            sync.awaitSnapshot(
                    "so many deletes wait for a person",
                    s -> s.resync()
                            .filter(r -> r.waiting().containsKey("customer"))
                            .isPresent());
            sync.resync("the other account", new DeleteGuard(100, Optional.empty()));
            sync.awaitSnapshot(
                    "done", s -> s.resync().flatMap(ResyncProgress::handled).equals(Optional.of("the other account")));
            for (StripeObjectType type : StripeObjectType.core()) {
                assertThat(sync.differences(type, other)).isEmpty();
            }
            String created = other.create(StripeObjectType.CUSTOMER);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sync.value("select count(*) from \"stripe it\".customer where id = '" + created + "'")
                            .equals("1"));
            assertThat(sync.value("select count(*) from public.names")).isEqualTo("121");
            assertThat(sync.crashes).isEmpty();
        }
    }

    @Test
    void aTableThatTheOtherAccountDoesNotHaveLosesTheFormerOnesRowsUnderTheGuard() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            TableSelection tables = new TableSelection(Set.of("customer", "issuing_cardholder"), Set.of());
            for (int i = 0; i < 120; i++) {
                sync.stripe.data().create(StripeObjectType.of("issuing.cardholder"));
            }
            sync.apply(tables, ResyncPlan.NONE);
            sync.awaitLive();
            sync.stripe.keys().add(ApiKey.secret(OTHER_KEY, "acct_1SomebodyElse"));
            StripeData other = sync.stripe.data("acct_1SomebodyElse", false);
            other.seed(9, 5, 0, 0);
            other.products().remove("issuing");
            sync.secrets.put("api-key", OTHER_KEY);
            Optional<ResyncRequest> request = Optional.of(new ResyncRequest("the other account", Set.of()));
            sync.apply(tables, new ResyncPlan(request, DeleteGuard.USUAL));
            SyncSnapshot waits = sync.awaitSnapshot(
                    "so many deletes wait for a person",
                    s -> s.resync()
                            .filter(r -> r.waiting().containsKey("issuing_cardholder"))
                            .isPresent());
            assertThat(StripeSync.table(waits, "issuing_cardholder").state()).isEqualTo(TableState.NOT_OFFERED);
            assertThat(sync.value("select count(*) from \"stripe it\".issuing_cardholder"))
                    .isEqualTo("120");
            sync.apply(tables, new ResyncPlan(request, new DeleteGuard(100, Optional.empty())));
            sync.awaitSnapshot(
                    "done", s -> s.resync().flatMap(ResyncProgress::handled).equals(Optional.of("the other account")));
            assertThat(sync.value("select count(*) from \"stripe it\".issuing_cardholder"))
                    .isEqualTo("0");
            assertThat(sync.crashes).isEmpty();
        }
    }

    @Test
    void theOtherAccountsDataComesThoughTheRequestIsTakenAwayAndTheFormerOnesStays() throws Exception {
        try (StripeSync sync = new StripeSync(MAJOR)) {
            sync.stripe.data().seed(8, 20, 10, 30);
            sync.start();
            sync.awaitLive();
            sync.stripe.keys().add(ApiKey.secret("sk_test_51KeyOfSomebodyElse", "acct_1SomebodyElse"));
            StripeData other = sync.stripe.data("acct_1SomebodyElse", false);
            other.seed(9, 120, 15, 40);
            sync.secrets.put("api-key", "sk_test_51KeyOfSomebodyElse");
            sync.restart(Duration.ofMillis(300));
            awaitSourceProblem(sync, SourceProblem.ACCOUNT_CHANGED);

            sync.resync("the other account", DeleteGuard.USUAL);
            await("the other account has the schema")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> sync.value("select owner ->> 'account' from \"stripe it\"._sync_writer")
                            .contains("Else"));
            sync.restart(Duration.ofMillis(250));
            sync.awaitLive();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> sync.value("select count(*) from \"stripe it\".customer")
                            .equals("140"));
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static void awaitSourceProblem(StripeSync sync, SourceProblem code) {
        sync.awaitSnapshot(code.reason(), s -> s.source().map(Problem::code).equals(Optional.of(code)));
    }

    private static boolean isLive(SyncSnapshot snapshot, String table) {
        return snapshot.tables().stream().anyMatch(t -> t.name().equals(table) && t.state() == TableState.LIVE);
    }

    private static boolean isFailing(SyncSnapshot snapshot, String table) {
        return snapshot.tables().stream().anyMatch(t -> t.name().equals(table) && t.state() == TableState.FAILING);
    }
}
