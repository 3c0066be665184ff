package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Which row an event is about. */
class StripeEventTest {
    private static StripeEvent only(String type, String object) {
        String body =
                "{\"object\":\"list\",\"data\":[{\"id\":\"evt_1\",\"object\":\"event\",\"api_version\":\"2019-01-01\","
                        + "\"created\":7,\"data\":{\"previous_attributes\":{\"object\":{\"id\":\"wrong\"}},\"object\":"
                        + object
                        + "},\"type\":\"" + type + "\",\"request\":{\"id\":\"req_1\"}}],\"has_more\":false}";
        return StripeList.events(body.getBytes(StandardCharsets.UTF_8)).data().getFirst();
    }

    @Test
    void anEventOfAnObjectIsAboutThatObject() {
        StripeEvent event =
                only("customer.updated", "{\"id\":\"cus_1\",\"object\":\"customer\",\"sources\":{\"id\":\"x\"}}");

        assertThat(event).isEqualTo(new StripeEvent("evt_1", "customer.updated", 7, StripeTable.CUSTOMER, "cus_1"));
        assertThat(event.deletion()).isFalse();
        assertThat(only("product.deleted", "{\"id\":\"prod_1\"}").deletion()).isTrue();
    }

    @Test
    void aDisputeARefundAndADiscountAreAboutTheRowTheyName() {
        assertThat(only("charge.dispute.created", "{\"id\":\"dp_1\",\"charge\":\"ch_1\"}")
                        .rowId())
                .isEqualTo("ch_1");
        assertThat(only("charge.refund.updated", "{\"charge\":\"ch_2\",\"id\":\"re_1\"}")
                        .rowId())
                .isEqualTo("ch_2");
        StripeEvent discount = only("customer.discount.deleted", "{\"id\":\"di_1\",\"customer\":\"cus_3\"}");
        assertThat(discount.rowId()).isEqualTo("cus_3");
        assertThat(discount.deletion()).as("the customer still exists").isFalse();
    }

    @Test
    void aRefundWithoutAChargeIsAboutNoRow() {
        assertThat(only("charge.refund.updated", "{\"id\":\"re_1\",\"charge\":null}")
                        .rowId())
                .isNull();
    }

    @Test
    void anEventOfATypeThatWasNotAskedForIsAboutNoRow() {
        assertThat(only("customer.subscription.deleted", "{\"id\":\"sub_1\",\"customer\":\"cus_1\"}")
                        .table())
                .isNull();
    }

    @Test
    void anEventWithoutAnObjectIsNotWhatStripeDocuments() {
        assertThatThrownBy(() -> only("customer.updated", "{\"object\":\"customer\"}"))
                .isInstanceOf(UnexpectedJsonException.class)
                .hasMessage("the field data.object.id is missing");
    }
}
