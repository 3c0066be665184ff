package io.sequin.source.stripe;

import static io.sequin.source.stripe.StripeBench.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.stripe.StripePermission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that Stripe refuses, or that may not do everything, and what the user is told. */
class StripeKeysTest {
    private static final AccountId TEST_ACCOUNT = new AccountId(FakeStripe.ACCOUNT + "/test");

    private final StripeBench bench = new StripeBench(FakeStripe.start(), Duration.ofSeconds(2));
    private String customer = "";

    @BeforeEach
    void oneCustomer() {
        customer = bench.stripe.data().create(StripeObjectType.CUSTOMER);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void useRestrictedKey(Set<StripePermission> rights) {
        bench.stripe.keys().add(new ApiKey("rk_test_restricted", FakeStripe.ACCOUNT, rights));
        bench.key.set("rk_test_restricted");
        bench.clock.advance(Duration.ofMinutes(1));
    }

    @Test
    void theAccountNamesTheModeOfItsData() {
        bench.stripe.keys().add(ApiKey.secret("sk_live_51FakeSequinLive", FakeStripe.ACCOUNT));

        assertThat(bench.session.account()).isEqualTo(TEST_ACCOUNT);
        bench.key.set("sk_live_51FakeSequinLive");
        bench.reopen();
        assertThat(bench.session.account()).isEqualTo(new AccountId(FakeStripe.ACCOUNT));
    }

    @Test
    void aKeyThatMayNotReadTheAccountIsEnough() {
        useRestrictedKey(StripePermission.allBut(StripePermission.ACCOUNT_READ));

        assertThat(bench.session.account()).isEqualTo(TEST_ACCOUNT);
    }

    @Test
    void aWrongKeyIsAnAuthenticationFailure() {
        bench.key.set("sk_test_wrong");

        SourceException e = failure(bench.session::account);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
        assertThat(e.problem().message()).contains("does not accept the API key");
    }

    @Test
    void aRevokedKeyIsAnAuthenticationFailureThatSaysSo() {
        bench.session.account();
        bench.stripe.keys().revoke(FakeStripe.TEST_KEY);

        SourceException e = failure(bench.session::sourceNow);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
        assertThat(e.problem().message()).contains("has expired");
        assertThat(e.table()).isEmpty();
    }

    @Test
    void aRotatedKeyIsTakenUpWithoutANewSession() {
        bench.session.account();
        bench.stripe.keys().add(ApiKey.secret("sk_test_rotated", FakeStripe.ACCOUNT));
        bench.stripe.keys().revoke(FakeStripe.TEST_KEY);
        bench.key.set("sk_test_rotated");

        assertThat(bench.fetchCustomer(customer)).hasSize(1);
    }

    @Test
    void aNewKeyIsUsedWithinSecondsThoughTheOldOneStillWorks() {
        bench.session.account();
        bench.stripe.keys().add(ApiKey.secret("sk_test_rotated", FakeStripe.ACCOUNT));
        bench.key.set("sk_test_rotated");
        bench.fetchCustomer(customer);
        bench.stripe.keys().remove("sk_test_rotated");
        assertThat(bench.fetchCustomer(customer))
                .as("the old key, held for seconds")
                .hasSize(1);

        bench.clock.advance(Duration.ofSeconds(6));

        assertThat(failure(() -> bench.fetchCustomer(customer)).problem().code())
                .isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
    }

    @Test
    void aClockThatIsSetBackHoldsNoOldKey() {
        bench.session.account();
        bench.stripe.keys().add(ApiKey.secret("sk_test_rotated", FakeStripe.ACCOUNT));
        bench.key.set("sk_test_rotated");
        bench.fetchCustomer(customer);
        bench.stripe.keys().remove("sk_test_rotated");

        bench.clock.advance(Duration.ofHours(-1));

        assertThat(failure(() -> bench.fetchCustomer(customer)).problem().code())
                .isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
    }

    @Test
    void aKeyFromAFileWithALineBreakWorks() {
        bench.key.set(FakeStripe.TEST_KEY + "\n");

        assertThat(bench.session.account()).isEqualTo(TEST_ACCOUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "sk_test_in\nner", "sk_test_smörgås"})
    void aKeyThatNoHeaderCanHoldIsAnAuthenticationFailure(String key) {
        bench.key.set(key);

        SourceException e = failure(bench.session::account);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
        assertThat(e).hasNoCause();
    }

    @Test
    void aKeyOfAnotherAccountDeletesNothing() {
        bench.session.account();
        bench.stripe.keys().add(ApiKey.secret("sk_test_other", "acct_other"));
        bench.key.set("sk_test_other");
        bench.clock.advance(Duration.ofMinutes(1));

        SourceException e = failure(() -> bench.fetchCustomer(customer));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.ACCOUNT_CHANGED);
        assertThat(e.problem().message()).contains("acct_other/test", TEST_ACCOUNT.value());
        bench.key.set(FakeStripe.TEST_KEY);
        bench.clock.advance(Duration.ofMinutes(1));
        assertThat(bench.fetchCustomer(customer)).hasSize(1);
    }

    @Test
    void aMissingRightOnOneTableConcernsThatTableOnly() {
        useRestrictedKey(StripePermission.allBut(StripePermission.CHARGE_READ));
        Lane charges = bench.backfill(StripeTables.get("charge"));
        Lane customers = bench.backfill(StripeTables.get("customer"));

        SourceException e = failure(() -> bench.read(charges, charges.start()));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.PERMISSION_DENIED);
        assertThat(e.table()).contains("charge");
        assertThat(e.problem().message()).contains("\"Charges and Refunds: Read\"", "rak_charge_read");
        assertThat(bench.read(customers, customers.start()).changes()).hasSize(1);
        SourceException fetched =
                failure(() -> bench.session.fetch(List.of(new Change.Hint("charge", RowKey.of("ch_1"), true))));
        assertThat(fetched.table()).contains("charge");
    }

    @Test
    void aMissingRightOnEventsConcernsTheWholeSourceAndShowsBeforeAnyRead() {
        useRestrictedKey(StripePermission.allBut(StripePermission.EVENT_READ));

        SourceException e = failure(bench.session::sourceNow);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.PERMISSION_DENIED);
        assertThat(e.problem().message()).contains("\"Events: Read\"");
        assertThat(e.table()).isEmpty();
    }

    @Test
    void aRightGivenLaterIsUsedAtOnce() {
        useRestrictedKey(Set.of(StripePermission.EVENT_READ));
        Lane customers = bench.backfill(StripeTables.get("customer"));
        failure(() -> bench.read(customers, customers.start()));

        bench.stripe.keys().permit("rk_test_restricted", StripePermission.all());

        assertThat(bench.read(customers, customers.start()).changes()).hasSize(1);
    }
}
