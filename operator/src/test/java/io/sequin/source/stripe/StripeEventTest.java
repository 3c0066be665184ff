package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows an event is about. */
class StripeEventTest {
    private static StripeEvent only(String type, String object) {
        String body =
                "{\"object\":\"list\",\"data\":[{\"id\":\"evt_1\",\"object\":\"event\",\"api_version\":\"2019-01-01\","
                        + "\"created\":7,\"data\":{\"previous_attributes\":{\"object\":{\"id\":\"wrong\"}},\"object\":"
                        + object
                        + "},\"type\":\"" + type + "\",\"request\":{\"id\":\"req_1\"}}],\"has_more\":false}";
        return StripeList.events(body.getBytes(StandardCharsets.UTF_8)).data().getFirst();
    }

    private static Change.Hint hint(String table, String id) {
        return new Change.Hint(table, RowKey.of(id), false);
    }

    private static Change.Hint deletion(String table, String id) {
        return new Change.Hint(table, RowKey.of(id), true);
    }

    @Test
    void anEventOfAnObjectIsAboutThatObject() {
        StripeEvent event =
                only("customer.updated", "{\"id\":\"cus_1\",\"object\":\"customer\",\"sources\":{\"id\":\"x\"}}");

        assertThat(event)
                .isEqualTo(new StripeEvent("evt_1", "customer.updated", 7, List.of(hint("customer", "cus_1"))));
        assertThat(only("product.deleted", "{\"id\":\"prod_1\"}").about())
                .containsExactly(deletion("product", "prod_1"));
    }

    @Test
    void aDisputeARefundAndADiscountAreAboutTheRowTheyNameToo() {
        assertThat(only("charge.dispute.created", "{\"id\":\"dp_1\",\"charge\":\"ch_1\"}")
                        .about())
                .containsExactlyInAnyOrder(hint("dispute", "dp_1"), hint("charge", "ch_1"));
        assertThat(only("charge.refund.updated", "{\"charge\":\"ch_2\",\"id\":\"re_1\"}")
                        .about())
                .containsExactlyInAnyOrder(hint("refund", "re_1"), hint("charge", "ch_2"));
        assertThat(only("customer.discount.deleted", "{\"id\":\"di_1\",\"customer\":\"cus_3\"}")
                        .about())
                .as("the customer still exists")
                .containsExactly(hint("customer", "cus_3"));
    }

    @Test
    void aRowThatIsNamedByTheWholeObjectIsNamedToo() {
        assertThat(only(
                                "charge.dispute.closed",
                                "{\"charge\":{\"refunds\":{\"id\":\"x\"},\"id\":\"ch_1\"},\"id\":\"dp_1\"}")
                        .about())
                .containsExactlyInAnyOrder(hint("dispute", "dp_1"), hint("charge", "ch_1"));
    }

    @Test
    void aRefundWithoutAChargeIsAboutItselfOnly() {
        assertThat(only("charge.refund.updated", "{\"id\":\"re_1\",\"charge\":null}")
                        .about())
                .containsExactly(hint("refund", "re_1"));
    }

    @Test
    void whatTellsOfAParentTellsOfItsChildrenByTheParentsId() {
        assertThat(only("invoice.deleted", "{\"id\":\"in_1\"}").about())
                .as("without the parent nothing else would tell that they are gone")
                .containsExactlyInAnyOrder(deletion("invoice", "in_1"), deletion("invoice_line_item", "in_1"));
        assertThat(only("invoiceitem.deleted", "{\"id\":\"ii_1\",\"invoice\":\"in_2\"}")
                        .about())
                .as("the invoice still exists")
                .containsExactlyInAnyOrder(
                        deletion("invoice_item", "ii_1"), hint("invoice", "in_2"), hint("invoice_line_item", "in_2"));
        assertThat(only("invoiceitem.created", "{\"id\":\"ii_1\",\"invoice\":\"in_2\"}")
                        .about())
                .containsExactlyInAnyOrder(
                        hint("invoice_item", "ii_1"), hint("invoice", "in_2"), hint("invoice_line_item", "in_2"));
    }

    @Test
    void aCanceledSubscriptionIsNotGone() {
        assertThat(only("customer.subscription.deleted", "{\"id\":\"sub_1\",\"customer\":\"cus_1\"}")
                        .about())
                .containsExactlyInAnyOrder(hint("subscription", "sub_1"), hint("subscription_item", "sub_1"));
    }

    @Test
    void anUpcomingInvoiceIsNoInvoiceYetAndAnEventOfNoTableAboutNothing() {
        assertThat(only("invoice.upcoming", "{\"object\":\"invoice\"}").about()).isEmpty();
        assertThat(only("balance.available", "{\"object\":\"balance\"}").about())
                .isEmpty();
        assertThat(only("customer.gratified", "{\"id\":\"cus_1\"}").about())
                .as("a type that a later version adds")
                .containsExactly(hint("customer", "cus_1"));
    }

    @Test
    void anEventThatNamesNoObjectLeadsToNothingAndStopsNobody() {
        assertThat(only("customer.foreseen", "{\"object\":\"customer\"}").about())
                .isEmpty();
    }
}
