package io.sequin.source.stripe;

import static io.sequin.source.stripe.Fields.bool;
import static io.sequin.source.stripe.Fields.integer;
import static io.sequin.source.stripe.Fields.json;
import static io.sequin.source.stripe.Fields.reference;
import static io.sequin.source.stripe.Fields.text;
import static io.sequin.source.stripe.Fields.time;

import io.sequin.data.Column;
import java.util.List;

/** A charge: an attempt to move money into the account. Never deleted. */
final class ChargeTable {
    static final List<Column> COLUMNS = List.of(
            text("id"),
            integer("amount"),
            integer("amount_captured"),
            integer("amount_refunded"),
            reference("application"),
            reference("application_fee"),
            integer("application_fee_amount"),
            reference("balance_transaction"),
            json("billing_details"),
            text("calculated_statement_descriptor"),
            bool("captured"),
            time("created"),
            text("currency"),
            reference("customer"),
            text("description"),
            bool("disputed"),
            reference("failure_balance_transaction"),
            text("failure_code"),
            text("failure_message"),
            json("fraud_details"),
            bool("livemode"),
            json("metadata"),
            text("object"),
            reference("on_behalf_of"),
            json("outcome"),
            bool("paid"),
            reference("payment_intent"),
            reference("payment_method"),
            json("payment_method_details"),
            json("presentment_details"),
            json("radar_options"),
            text("receipt_email"),
            text("receipt_number"),
            text("receipt_url"),
            bool("refunded"),
            json("refunds"),
            reference("review"),
            json("shipping"),
            reference("source_transfer"),
            text("statement_descriptor"),
            text("statement_descriptor_suffix"),
            text("status"),
            reference("transfer"),
            json("transfer_data"),
            text("transfer_group"));

    private ChargeTable() {}
}
