package io.sequin.source.stripe;

import static io.sequin.source.stripe.Fields.bool;
import static io.sequin.source.stripe.Fields.integer;
import static io.sequin.source.stripe.Fields.json;
import static io.sequin.source.stripe.Fields.reference;
import static io.sequin.source.stripe.Fields.text;
import static io.sequin.source.stripe.Fields.time;

import io.sequin.data.Column;
import java.util.List;

/** A customer; Stripe keeps the id of a deleted one, the row goes. */
final class CustomerTable {
    static final List<Column> COLUMNS = List.of(
            text("id"),
            json("address"),
            integer("balance"),
            text("business_name"),
            json("cash_balance"),
            time("created"),
            text("currency"),
            reference("customer_account"),
            reference("default_source"),
            bool("delinquent"),
            text("description"),
            json("discount"),
            text("email"),
            text("individual_name"),
            json("invoice_credit_balance"),
            text("invoice_prefix"),
            json("invoice_settings"),
            bool("livemode"),
            json("metadata"),
            text("name"),
            integer("next_invoice_sequence"),
            text("object"),
            text("phone"),
            json("preferred_locales"),
            json("shipping"),
            json("sources"),
            json("subscriptions"),
            json("tax"),
            text("tax_exempt"),
            json("tax_ids"),
            reference("test_clock"));

    private CustomerTable() {}
}
