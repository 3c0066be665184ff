package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.param.CustomerListParams;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswersByStripeJavaTest {
    private final FakeStripe stripe = FakeStripe.start();

    @AfterEach
    void stop() {
        stripe.close();
    }

    @Test
    void anUnknownKeyIsRefused() {
        assertThatThrownBy(() -> StripeJava.of(stripe, "sk_test_somebodyElses1234")
                        .customers()
                        .list())
                .isInstanceOfSatisfying(AuthenticationException.class, e -> {
                    assertThat(e.getStatusCode()).isEqualTo(401);
                    assertThat(e.getMessage()).contains("Invalid API Key provided: sk_test_*************1234");
                });
    }

    @Test
    void aRevokedKeyIsExpiredAndItsSuccessorWorks() throws StripeException {
        stripe.keys().add(ApiKey.secret("sk_test_successor0001", FakeStripe.ACCOUNT));
        stripe.keys().revoke(FakeStripe.TEST_KEY);

        assertThatThrownBy(() -> StripeJava.of(stripe).customers().list())
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        e -> assertThat(e.getCode()).isEqualTo("api_key_expired"));
        assertThat(StripeJava.of(stripe, "sk_test_successor0001")
                        .customers()
                        .list()
                        .getData())
                .isEmpty();
    }

    @Test
    void aRestrictedKeyReadsWhatItMayAndNamesWhatItLacks() throws StripeException {
        String key = "rk_test_restricted0001";
        stripe.keys().add(ApiKey.restricted(key, FakeStripe.ACCOUNT, Set.of(StripePermission.CUSTOMER_READ)));

        assertThat(StripeJava.of(stripe, key).customers().list().getData()).isEmpty();
        assertThatThrownBy(() -> StripeJava.of(stripe, key).charges().list())
                .isInstanceOfSatisfying(PermissionException.class, e -> {
                    assertThat(e.getStatusCode()).isEqualTo(403);
                    assertThat(e.getMessage())
                            .contains("on account '" + FakeStripe.ACCOUNT + "'")
                            .contains("Having the 'rak_charge_read' permission would allow this request to continue.")
                            .doesNotContain(key);
                });
        assertThatThrownBy(() -> StripeJava.of(stripe, key).accounts().retrieveCurrent())
                .isInstanceOf(PermissionException.class);

        stripe.keys().permit(key, Set.of(StripePermission.CHARGE_READ));
        assertThat(StripeJava.of(stripe, key).charges().list().getData()).isEmpty();
    }

    @Test
    void liveAndTestKeysOfAnAccountSeeDifferentData() throws StripeException {
        stripe.keys().add(ApiKey.secret("sk_live_live0001", FakeStripe.ACCOUNT));
        stripe.data().seed(1, 3, 0, 0);
        stripe.data(FakeStripe.ACCOUNT, true).seed(1, 2, 0, 0);

        var test = StripeJava.of(stripe);
        var live = StripeJava.of(stripe, "sk_live_live0001");

        assertThat(test.customers().list().getData()).hasSize(3).noneMatch(Customer::getLivemode);
        assertThat(live.customers().list().getData()).hasSize(2).allMatch(Customer::getLivemode);
        assertThat(live.accounts().retrieveCurrent().getId())
                .isEqualTo(test.accounts().retrieveCurrent().getId());
    }

    @Test
    void anObjectOfTheOtherModeIsMissingWithAHint() {
        stripe.keys().add(ApiKey.secret("sk_live_live0001", FakeStripe.ACCOUNT));
        String id = stripe.data().create(StripeObjectType.CUSTOMER);

        assertThatThrownBy(() ->
                        StripeJava.of(stripe, "sk_live_live0001").customers().retrieve(id))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.getMessage())
                                .startsWith(
                                        "No such customer: '" + id
                                                + "'; a similar object exists in test mode, but a live mode key was used to make this request."));
    }

    @Test
    void aKeyOfAnotherAccountSeesThatAccount() throws StripeException {
        stripe.keys().add(ApiKey.secret("sk_test_other0001", "acct_other"));
        stripe.data().seed(1, 3, 0, 0);

        var other = StripeJava.of(stripe, "sk_test_other0001");

        assertThat(other.accounts().retrieveCurrent().getId()).isEqualTo("acct_other");
        assertThat(other.customers().list().getData()).isEmpty();
    }

    @Test
    void aDeletedCustomerIsRetrievedAsDeletedAndNoLongerListed() throws StripeException {
        String id = stripe.data().create(StripeObjectType.CUSTOMER);
        stripe.data().delete(StripeObjectType.CUSTOMER, id);

        Customer customer = StripeJava.of(stripe).customers().retrieve(id);

        assertThat(customer.getDeleted()).isTrue();
        assertThat(new FakeClient(stripe).json("/v1/customers/" + id))
                .hasToString("{\"id\":\"" + id + "\",\"object\":\"customer\",\"deleted\":true}");
        assertThat(StripeJava.of(stripe).customers().list().getData()).isEmpty();
    }

    @Test
    void aDeletedProductIsMissingUntilItIsCreatedAgainUnderItsId() throws StripeException {
        stripe.data().seed(2, 0, 5, 0);
        String id = stripe.data()
                .truth(StripeObjectType.PRODUCT)
                .keySet()
                .iterator()
                .next();
        stripe.data().delete(StripeObjectType.PRODUCT, id);

        assertThatThrownBy(() -> StripeJava.of(stripe).products().retrieve(id))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.getStatusCode()).isEqualTo(404);
                    assertThat(e.getCode()).isEqualTo("resource_missing");
                    assertThat(e.getMessage()).startsWith("No such product: '" + id + "'");
                });

        stripe.data().createProduct(id, product -> product.put("name", "Back"));
        stripe.data().createProduct("gold-plan", product -> {});
        assertThat(StripeJava.of(stripe).products().retrieve(id).getName()).isEqualTo("Back");
        assertThat(StripeJava.of(stripe).products().retrieve("gold-plan").getObject())
                .isEqualTo("product");
        assertThat(stripe.data().truth(StripeObjectType.PRODUCT)).hasSize(6).containsKeys(id, "gold-plan");
        assertThatThrownBy(() -> stripe.data().createProduct(id, product -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDeletedObjectIsNoCursor() {
        stripe.data().seed(2, 20, 0, 0);
        String id = stripe.data()
                .truth(StripeObjectType.CUSTOMER)
                .keySet()
                .iterator()
                .next();
        stripe.data().delete(StripeObjectType.CUSTOMER, id);

        assertThatThrownBy(() -> StripeJava.of(stripe)
                        .customers()
                        .list(CustomerListParams.builder().setStartingAfter(id).build()))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.getParam()).isEqualTo("starting_after"));
    }

    @Test
    void aLimitOutOfRangeIsRefused() {
        for (long limit : new long[] {0, -1, 101}) {
            assertThatThrownBy(() -> StripeJava.of(stripe)
                            .customers()
                            .list(CustomerListParams.builder().setLimit(limit).build()))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            e -> assertThat(e.getParam()).isEqualTo("limit"));
        }
    }

    @Test
    void unknownAndEmptyParametersAreRefusedByName() {
        FakeClient client = new FakeClient(stripe);

        assertThat(client.json("/v1/customers?updated[gte]=1")
                        .at("/error/message")
                        .textValue())
                .isEqualTo("Received unknown parameter: updated[gte]");
        assertThat(client.json("/v1/customers?updated[gte]=1").at("/error/code").textValue())
                .isEqualTo("parameter_unknown");
        assertThat(client.json("/v1/customers?starting_after=")
                        .at("/error/code")
                        .textValue())
                .isEqualTo("parameter_invalid_empty");
        assertThat(client.json("/v1/customers?limit=ten").at("/error/message").textValue())
                .isEqualTo("Invalid integer: ten");
        assertThat(client.json("/v1/nothing").at("/error/message").textValue())
                .startsWith("Unrecognized request URL (GET: /v1/nothing).");
    }

    @Test
    void faultsAppearAsTheClientsExceptions() {
        assertFault(new Fault.RateLimited(Optional.of(Duration.ofSeconds(2))), RateLimitException.class);
        assertFault(new Fault.ServerError(500), ApiException.class);
        assertFault(new Fault.Forbidden(), PermissionException.class);
        assertFault(new Fault.DropMidBody(), ApiConnectionException.class);
        assertFault(new Fault.TruncatedBody(), ApiException.class);
        assertFault(new Fault.NotJson(), ApiException.class);
    }

    @Test
    void whatStripeNeverDoesIsRefused() {
        String id = stripe.data().create(StripeObjectType.CHARGE);

        assertThatThrownBy(() -> stripe.data().update(StripeObjectType.CHARGE, id, charge -> charge.put("id", "ch_x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stripe.data().delete(StripeObjectType.CHARGE, id))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stripe.data().delete(StripeObjectType.CUSTOMER, "cus_none"))
                .isInstanceOf(NoSuchElementException.class);
    }

    private void assertFault(Fault fault, Class<? extends StripeException> exception) {
        try (StripeFaults.Active active = stripe.faults().add(FaultRule.always(fault))) {
            assertThatThrownBy(() -> StripeJava.of(stripe).customers().list())
                    .as("%s", fault)
                    .isInstanceOf(exception);
            assertThat(active.fired()).isEqualTo(1);
        }
    }
}
