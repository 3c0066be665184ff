package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.stripe.StripePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at Stripe, and what the user is told. */
class StripeFailuresTest {
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

    private static SourceException failure(Runnable call) {
        SourceException e = catchThrowableOfType(SourceException.class, call::run);
        assertThat(e).as("the call fails").isNotNull();
        assertThat(e.toString()).doesNotContain("sk_test", "rk_test", "***");
        return e;
    }

    private void useRestrictedKey(Set<StripePermission> rights) {
        bench.stripe.keys().add(new ApiKey("rk_test_restricted", FakeStripe.ACCOUNT, rights));
        bench.key.set("rk_test_restricted");
        bench.clock.advance(Duration.ofMinutes(1));
    }

    private List<Change> fetch(String id) {
        return bench.session.fetch(List.of(new Change.Hint("customer", RowKey.of(id), false)));
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

        assertThat(fetch(customer)).hasSize(1);
    }

    @Test
    void aNewKeyIsUsedWithinSecondsThoughTheOldOneStillWorks() {
        bench.session.account();
        bench.stripe.keys().add(ApiKey.secret("sk_test_rotated", FakeStripe.ACCOUNT));
        bench.key.set("sk_test_rotated");
        fetch(customer);
        bench.stripe.keys().remove("sk_test_rotated");
        assertThat(fetch(customer)).as("the old key, held for seconds").hasSize(1);

        bench.clock.advance(Duration.ofSeconds(6));

        assertThat(failure(() -> fetch(customer)).problem().code()).isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
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

        SourceException e = failure(() -> fetch(customer));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.ACCOUNT_CHANGED);
        assertThat(e.problem().message()).contains("acct_other/test", TEST_ACCOUNT.value());
        bench.key.set(FakeStripe.TEST_KEY);
        bench.clock.advance(Duration.ofMinutes(1));
        assertThat(fetch(customer)).hasSize(1);
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

    @Test
    void tooManyRequestsSayWhenToComeAgain() {
        bench.stripe.faults().add(FaultRule.always(new Fault.RateLimited(Optional.of(Duration.ofSeconds(30)))));

        SourceException e = failure(() -> fetch(customer));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.RATE_LIMITED);
        assertThat(e.problem().retryAt())
                .hasValueSatisfying(at -> assertThat(at)
                        .isBetween(Instant.now().plusSeconds(10), Instant.now().plusSeconds(31)));
        assertThat(e.table()).isEmpty();
    }

    @Test
    void tooManyRequestsWithoutATimeLeaveTheWaitToTheEngine() {
        bench.stripe.faults().add(FaultRule.always(new Fault.RateLimited(Optional.empty())));

        assertThat(failure(() -> fetch(customer)).problem().retryAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void anErrorOfStripesOwnIsUnavailable(int status) {
        bench.stripe.faults().add(FaultRule.always(new Fault.ServerError(status)));

        SourceException e = failure(() -> fetch(customer));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNAVAILABLE);
        assertThat(e.problem().message()).contains("status " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 404, 418})
    void theSameRefusalHasTheSameWordsForEachRequestAndObject(int status) {
        String other = bench.stripe.data().create(StripeObjectType.CUSTOMER);
        bench.stripe.faults().add(FaultRule.always(new Fault.ServerError(status)));

        Problem first = failure(() -> fetch(customer)).problem();

        assertThat(failure(() -> fetch(customer)).problem()).isEqualTo(first);
        assertThat(failure(() -> fetch(other)).problem()).isEqualTo(first);
        assertThat(first.message()).doesNotContain("req_");
    }

    @Test
    void aBrokenConnectionHasTheSameWordsForEachPath() {
        Lane lane = bench.events();
        bench.stripe.faults().add(FaultRule.always(new Fault.DropMidBody()));

        Problem first = failure(() -> fetch(customer)).problem();

        assertThat(failure(() -> bench.read(lane, lane.start())).problem()).isEqualTo(first);
    }

    @Test
    void anAnswerThatIsNotStripesHasTheSameWordsForEachObject() {
        String other = bench.stripe.data().create(StripeObjectType.CUSTOMER);
        bench.stripe.faults().add(FaultRule.always(new Fault.NotJson()));

        Problem first = failure(() -> fetch(customer)).problem();

        assertThat(failure(() -> fetch(other)).problem()).isEqualTo(first);
    }

    @Test
    void aConnectionThatBreaksInTheMiddleIsUnreachable() {
        bench.stripe.faults().add(FaultRule.always(new Fault.DropMidBody()));

        assertThat(failure(() -> fetch(customer)).problem().code()).isEqualTo(SourceProblem.UNREACHABLE);
    }

    @Test
    void anAnswerThatIsNotStripesIsUnexpectedAndNeverADelete() {
        Lane lane = bench.events();
        for (Fault fault : List.of(new Fault.TruncatedBody(), new Fault.NotJson())) {
            bench.stripe.faults().add(FaultRule.always(fault));
            assertThat(failure(() -> fetch(customer)).problem().code()).isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
            assertThat(failure(() -> bench.read(lane, lane.start())).problem().code())
                    .isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
            assertThat(failure(bench.session::account).problem().code()).isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
            bench.stripe.faults().clear();
        }
    }

    @Test
    void aServerThatHangsIsUnreachableAfterTheTimeout() {
        bench.stripe.faults().add(FaultRule.always(new Fault.Hang()));

        assertThat(failure(() -> fetch(customer)).problem().code()).isEqualTo(SourceProblem.UNREACHABLE);
    }

    @Test
    void onlyStripesWordThatTheObjectIsGoneMakesADelete() {
        bench.stripe.data().delete(StripeObjectType.CUSTOMER, customer);
        String product = bench.stripe.data().create(StripeObjectType.PRODUCT);
        bench.stripe.data().delete(StripeObjectType.PRODUCT, product);

        assertThat(fetch(customer)).containsExactly(new Change.Delete("customer", RowKey.of(customer)));
        assertThat(bench.session.fetch(List.of(new Change.Hint("product", RowKey.of(product), true))))
                .containsExactly(new Change.Delete("product", RowKey.of(product)));
        assertThat(fetch("cus_never")).containsExactly(new Change.Delete("customer", RowKey.of("cus_never")));
        assertThat(failure(() -> fetch("a/b")).problem().code()).isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
    }

    @Test
    void idsThatClientsChoseAreFetchedWhateverTheyHold() {
        String id = "Gold plan ☆ 100%+?&#";
        bench.stripe.data().createProduct(id, p -> p.put("name", "gold"));

        Change change = bench.session
                .fetch(List.of(new Change.Hint("product", RowKey.of(id), false)))
                .getFirst();

        assertThat(change).isInstanceOfSatisfying(Change.Upsert.class, row -> {
            assertThat(row.key()).isEqualTo(RowKey.of(id));
            assertThat(row.object().text()).contains("\"gold\"");
        });
    }
}
