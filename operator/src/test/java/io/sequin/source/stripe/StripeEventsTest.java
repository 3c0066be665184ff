package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.source.stripe.TableSpec.Related;
import io.sequin.testkit.stripe.StripeOpenApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which events tell of which tables, against what Stripe publishes about that version of its API. */
class StripeEventsTest {
    private static final StripeOpenApi API = StripeOpenApi.load();

    static List<StripeTable> tables() {
        return StripeTables.all();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aTableWithEventsOfItsOwnCanBeFetchedById(StripeTable table) {
        if (!table.spec().events().isEmpty()) {
            assertThat(API.document().path("paths").properties())
                    .extracting(Map.Entry::getKey)
                    .anyMatch(p -> p.matches(table.place().path() + "/\\{[a-z_]+}"));
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyPrefixOfEventsIsOneOfStripes(StripeTable table) {
        Stream.concat(
                        table.spec().events().stream(),
                        table.spec().related().stream().map(Related::events))
                .forEach(prefix -> assertThat(API.eventTypes()).anyMatch(t -> t.matches(prefix + "\\.[a-z_]+")));
        assertThat(API.eventTypes()).containsAll(table.spec().exceptions());
    }

    @Test
    void eventsThatTellOfNoTableAreTheseOnly() {
        Map<String, Integer> untold = new TreeMap<>();
        API.eventTypes().stream()
                .filter(t -> StripeTables.ofEvent(t).isEmpty())
                .forEach(t -> untold.merge(t.substring(0, t.lastIndexOf('.')), 1, Integer::sum));
        assertThat(untold.keySet())
                .containsExactlyInAnyOrder(
                        "account",
                        "account.application",
                        "account.external_account",
                        "balance",
                        "balance_settings",
                        "billing.alert",
                        "billing_portal.session",
                        "capability",
                        "cash_balance",
                        "climate.product",
                        "customer.source",
                        "customer.tax_id",
                        "customer_cash_balance_transaction",
                        "entitlements.active_entitlement_summary",
                        "financial_connections.authorization",
                        "invoice",
                        "mandate",
                        "person",
                        "reporting.report_type",
                        "reserve.hold",
                        "reserve.plan",
                        "reserve.release",
                        "source",
                        "source.transaction",
                        "tax.settings");
        assertThat(untold).containsEntry("invoice", 1);
    }

    @ParameterizedTest
    @CsvSource({
        "charge.dispute, dispute, charge",
        "charge.refund, refund, charge",
        "customer.discount, discount, customer",
        "application_fee.refund, fee_refund, fee",
        "credit_note, credit_note, invoice",
        "invoiceitem, invoiceitem, invoice",
        "invoice_payment, invoice_payment, invoice"
    })
    void relatedObjectsNameTheRow(String events, String carried, String field) {
        assertThat(tables().stream().flatMap(t -> t.spec().related().stream())).contains(new Related(events, field));
        assertThat(API.document()
                        .at("/components/schemas")
                        .path(carried)
                        .path("properties")
                        .has(field))
                .isTrue();
        assertThat(tables().stream().flatMap(t -> t.spec().related().stream()).distinct())
                .hasSize(7);
    }

    /** Else Stripe's account of changes would be trusted where it says too little. */
    @ParameterizedTest
    @MethodSource("tables")
    void aTableWhoseEventsDoNotTellOfChangesIsReadInAnotherWayToo(StripeTable table) {
        boolean followed = table.isChild()
                || !table.spec().events().isEmpty()
                || !(table.spec().rhythm() instanceof TableSpec.Rhythm.Events);
        assertThat(followed).isTrue();
    }
}
