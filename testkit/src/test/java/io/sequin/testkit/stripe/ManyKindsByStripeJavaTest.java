package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.Invoice;
import com.stripe.model.StripeObject;
import com.stripe.model.Subscription;
import com.stripe.param.InvoiceLineItemListParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.SetupAttemptListParams;
import com.stripe.param.SubscriptionItemListParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.service.V1Services;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists beyond customers, products and charges, read by Stripe's own client. */
class ManyKindsByStripeJavaTest {
    private final FakeStripe stripe = FakeStripe.start();
    private final StripeData data = stripe.data();
    private final V1Services api = StripeJava.of(stripe);

    @BeforeEach
    void seed() {
        data.seedAll(21, 12);
    }

    @AfterEach
    void stop() {
        stripe.close();
    }

    @Test
    void everyObjectComesOnceWithItsContent() throws StripeException {
        assertSame("invoice", api.invoices().list().autoPagingIterable());
        assertSame("price", api.prices().list().autoPagingIterable());
        assertSame("coupon", api.coupons().list().autoPagingIterable());
        assertSame("payment_intent", api.paymentIntents().list().autoPagingIterable());
        assertSame("payment_method", api.paymentMethods().list().autoPagingIterable());
        assertSame("refund", api.refunds().list().autoPagingIterable());
        assertSame("dispute", api.disputes().list().autoPagingIterable());
        assertSame("balance_transaction", api.balanceTransactions().list().autoPagingIterable());
        assertSame("payout", api.payouts().list().autoPagingIterable());
        assertSame("transfer", api.transfers().list().autoPagingIterable());
        assertSame("credit_note", api.creditNotes().list().autoPagingIterable());
        assertSame("checkout.session", api.checkout().sessions().list().autoPagingIterable());
        assertSame("file", api.files().list().autoPagingIterable());
        assertSame("tax_rate", api.taxRates().list().autoPagingIterable());
        assertSame("issuing.card", api.issuing().cards().list().autoPagingIterable());
        assertSame("terminal.reader", api.terminal().readers().list().autoPagingIterable());
        assertSame("billing.meter", api.billing().meters().list().autoPagingIterable());
    }

    @Test
    void childrenArePagedToTheEndUnderTheirParent() throws StripeException {
        String invoice = second("invoice");
        Iterable<? extends StripeObject> lines = api.invoices()
                .lineItems()
                .list(invoice, InvoiceLineItemListParams.builder().setLimit(40L).build())
                .autoPagingIterable();
        assertChildren("/v1/invoices/{invoice}/lines", invoice, lines);

        String session = second("checkout.session");
        assertChildren(
                "/v1/checkout/sessions/{session}/line_items",
                session,
                api.checkout().sessions().lineItems().list(session).autoPagingIterable());

        String subscription = second("subscription");
        assertChildren(
                "/v1/subscription_items",
                subscription,
                api.subscriptionItems()
                        .list(SubscriptionItemListParams.builder()
                                .setSubscription(subscription)
                                .build())
                        .autoPagingIterable());

        String intent = second("setup_intent");
        assertChildren(
                "/v1/setup_attempts",
                intent,
                api.setupAttempts()
                        .list(SetupAttemptListParams.builder()
                                .setSetupIntent(intent)
                                .build())
                        .autoPagingIterable());

        String transfer = second("transfer");
        assertChildren(
                "/v1/transfers/{id}/reversals",
                transfer,
                api.transfers().reversals().list(transfer).autoPagingIterable());
    }

    @Test
    void theFirstChildrenComeWithTheirParentAndTheClientReadsTheRest() throws StripeException {
        String id = second("invoice");

        Invoice invoice = api.invoices().retrieve(id);

        assertThat(invoice.getLines().getData()).hasSize(10);
        assertThat(invoice.getLines().getHasMore()).isTrue();
        assertThat(invoice.getLines().getUrl()).isEqualTo("/v1/invoices/" + id + "/lines");
    }

    @Test
    void canceledSubscriptionsAreListedOnlyWhenAskedFor() throws StripeException {
        String id = data.create(StripeObjectType.of("subscription"), s -> s.put("status", "active"));
        data.cancelSubscription(id);

        assertThat(api.subscriptions().list().autoPagingIterable())
                .extracting(Subscription::getStatus)
                .doesNotContain("canceled");
        assertSame(
                "subscription",
                api.subscriptions()
                        .list(SubscriptionListParams.builder()
                                .setStatus(SubscriptionListParams.Status.ALL)
                                .build())
                        .autoPagingIterable());
        assertThat(api.subscriptions().retrieve(id).getStatus()).isEqualTo("canceled");
        assertThat(api.events().list().getData().getFirst().getType()).isEqualTo("customer.subscription.deleted");
    }

    @Test
    void filtersSelectByReferenceAndByTime() throws StripeException {
        Invoice some = api.invoices().retrieve(second("invoice"));

        List<Invoice> found = StripeJava.all(api.invoices()
                .list(InvoiceListParams.builder()
                        .setCustomer(some.getCustomer())
                        .setCreated(InvoiceListParams.Created.builder()
                                .setLte(some.getCreated())
                                .build())
                        .build())
                .autoPagingIterable());

        assertThat(found).extracting(Invoice::getId).contains(some.getId());
        assertThat(found)
                .allMatch(i -> i.getCustomer().equals(some.getCustomer()) && i.getCreated() <= some.getCreated());
    }

    @Test
    void aChildIsHeardOfByItsParentsEvent() throws StripeException {
        String id = second("subscription");
        long before = data.count(StripeObjectType.at("/v1/subscription_items"));

        String item = data.createChild(StripeObjectType.at("/v1/subscription_items"), id, i -> {});

        Subscription told = (Subscription) api.events()
                .list()
                .getData()
                .getFirst()
                .getDataObjectDeserializer()
                .deserializeUnsafe();
        assertThat(told.getId()).isEqualTo(id);
        assertThat(told.getItems().getData().getFirst().getId()).isEqualTo(item);
        assertThat(data.count(StripeObjectType.at("/v1/subscription_items"))).isEqualTo((int) before + 1);
        assertThat(data.parentOf(StripeObjectType.at("/v1/subscription_items"), item))
                .contains(id);
    }

    @Test
    void whatHasNoUpdateEventsBecomesFinalInSilence() throws StripeException {
        StripeObjectType type = StripeObjectType.of("balance_transaction");
        String id = data.create(type, t -> t.put("status", "pending"));
        int events = data.eventCount();

        assertThat(data.settle(type, id)).isTrue();

        assertThat(api.balanceTransactions().retrieve(id).getStatus()).isEqualTo("available");
        assertThat(data.eventCount()).isEqualTo(events);
        assertThat(data.settle(type, id)).isFalse();
        StripeObjectType attempts = StripeObjectType.of("setup_attempt");
        String intent = second("setup_intent");
        String attempt = data.createChild(attempts, intent, a -> a.put("status", "processing"));
        assertThat(data.eventTypesFrom(events)).containsExactly(new StripeEventType("setup_intent.requires_action"));
        assertThat(data.settle(attempts, attempt)).isTrue();
        assertThat(data.eventCount()).isEqualTo(events + 1);
        data.settleAll();
        assertThat(data.eventCount()).isEqualTo(events + 1);
        assertThat(data.truth(type).values())
                .noneMatch(t -> t.path("status").asText().equals("pending"));
    }

    @Test
    void aListThatNeedsAParentSaysWhich() {
        assertThatThrownBy(() -> api.subscriptionItems().list(new SubscriptionItemListParams.Builder().build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Missing required param: subscription.");
        assertThatThrownBy(() -> api.invoices().lineItems().list("in_nothing"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No such invoice: 'in_nothing'");
    }

    @Test
    void pagingUnderChurnMissesNothingThatStays() throws StripeException {
        StripeObjectType type = StripeObjectType.of("invoice");
        Map<String, JsonNode> before = new LinkedHashMap<>(data.truth(type));
        List<String> seen = new ArrayList<>();
        Random random = new Random(4);

        for (Invoice invoice : api.invoices()
                .list(InvoiceListParams.builder().setLimit(4L).build())
                .autoPagingIterable()) {
            seen.add(invoice.getId());
            StripeObjectType other = StripeObjectType.of("price");
            data.update(other, data.randomLive(other, random).orElseThrow(), p -> p.put("nickname", invoice.getId()));
            data.create(type);
        }

        assertThat(seen).doesNotHaveDuplicates().containsAll(before.keySet());
    }

    private String second(String wireName) {
        return data.truth(StripeObjectType.of(wireName)).keySet().stream()
                .skip(1)
                .findFirst()
                .orElseThrow();
    }

    private void assertSame(String wireName, Iterable<? extends StripeObject> listed) {
        assertSame(new LinkedHashMap<>(data.truth(StripeObjectType.of(wireName))), listed);
    }

    private void assertChildren(String path, String parent, Iterable<? extends StripeObject> listed) {
        StripeObjectType type = StripeObjectType.at(path);
        Map<String, JsonNode> children = new LinkedHashMap<>(data.truth(type));
        children.keySet().removeIf(id -> !data.parentOf(type, id).orElseThrow().equals(parent));
        assertThat(children).hasSize(105);
        assertSame(children, listed);
    }

    private static void assertSame(Map<String, JsonNode> truth, Iterable<? extends StripeObject> listed) {
        for (StripeObject object : listed) {
            String id = ((HasId) object).getId();
            StripeJava.assertHolds(object, Objects.requireNonNull(truth.remove(id), id));
        }
        assertThat(truth).isEmpty();
    }
}
