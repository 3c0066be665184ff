package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A charge as the list and the retrieval show it, in the state right after it was tried: never refunded. {@code refunds} is left out,
 * as it is unless expanded since API version 2022-11-15.
 */
final class ChargeShape implements Shape {

    /** What became of a charge. */
    private enum Fate {
        CAPTURED,
        AUTHORIZED,
        PENDING,
        FAILED;

        String status() {
            return switch (this) {
                case CAPTURED, AUTHORIZED -> "succeeded";
                case PENDING -> "pending";
                case FAILED -> "failed";
            };
        }
    }

    @Override
    public void write(JsonGenerator out, Origin origin, Draw draw) throws IOException {
        Fate fate = fate(draw);
        // most are small; some are beyond 32 bits, which Stripe allows in a few currencies
        long amount = draw.percent(1) ? 2_147_483_648L + draw.between(0, 1_000_000) : draw.between(50, 500_000);
        boolean bank = fate == Fate.PENDING;
        String currency = bank ? "eur" : draw.currency();
        out.writeStartObject();
        out.writeStringField("id", origin.id());
        out.writeStringField("object", "charge");
        out.writeNumberField("amount", amount);
        out.writeNumberField("amount_captured", fate == Fate.CAPTURED || bank ? amount : 0);
        out.writeNumberField("amount_refunded", 0);
        Shape.nulls(out, "application", "application_fee", "application_fee_amount");
        Shape.text(
                out,
                "balance_transaction",
                fate == Fate.CAPTURED ? origin.links().idOf("balance_transaction", draw) : null);
        billingDetails(out, draw);
        Shape.text(out, "calculated_statement_descriptor", bank ? null : "SEQUIN SHOP");
        out.writeBooleanField("captured", fate != Fate.AUTHORIZED && fate != Fate.FAILED);
        out.writeNumberField("created", origin.created());
        out.writeStringField("currency", currency);
        Shape.text(out, "customer", draw.percent(90) ? origin.customer() : null);
        Shape.text(out, "description", draw.percent(60) ? draw.phrase() : null);
        out.writeBooleanField("disputed", fate == Fate.CAPTURED && draw.percent(1));
        Shape.nulls(out, "failure_balance_transaction");
        Shape.text(out, "failure_code", fate == Fate.FAILED ? "card_declined" : null);
        Shape.text(out, "failure_message", fate == Fate.FAILED ? "Your card was declined." : null);
        out.writeObjectFieldStart("fraud_details");
        out.writeEndObject();
        out.writeBooleanField("livemode", origin.livemode());
        Shape.metadata(out, draw);
        Shape.nulls(out, "on_behalf_of");
        outcome(out, fate, draw);
        out.writeBooleanField("paid", fate == Fate.CAPTURED || fate == Fate.AUTHORIZED);
        tail(out, origin, draw, bank, amount, fate);
        out.writeEndObject();
    }

    private static void tail(JsonGenerator out, Origin origin, Draw draw, boolean bank, long amount, Fate fate)
            throws IOException {
        String intent = draw.percent(85) ? origin.links().idOf("payment_intent", draw) : null;
        Shape.text(out, "payment_intent", intent);
        Shape.text(
                out,
                "payment_method",
                intent == null ? draw.id("card_", 24) : origin.links().idOf("payment_method", draw));
        if (bank) {
            sepaDebit(out, draw);
        } else {
            card(out, draw, amount);
        }
        out.writeObjectFieldStart("radar_options");
        out.writeEndObject();
        Shape.text(out, "receipt_email", draw.percent(30) ? draw.email() : null);
        Shape.text(
                out,
                "receipt_number",
                draw.percent(10) ? draw.between(1000, 9999) + "-" + draw.between(1000, 9999) : null);
        Shape.text(out, "receipt_url", fate == Fate.FAILED ? null : "https://pay.example.com/receipts/" + origin.id());
        out.writeBooleanField("refunded", false);
        Shape.nulls(out, "review");
        shipping(out, draw);
        Shape.nulls(out, "source_transfer");
        Shape.text(out, "statement_descriptor", draw.percent(10) ? "SEQUIN" : null);
        Shape.text(out, "statement_descriptor_suffix", draw.percent(10) ? draw.id("", 6) : null);
        out.writeStringField("status", fate.status());
        Shape.nulls(out, "transfer_data");
        Shape.text(out, "transfer_group", draw.percent(5) ? "group_" + draw.between(1, 50) : null);
    }

    private static Fate fate(Draw draw) {
        int p = draw.between(0, 100);
        if (p < 80) {
            return Fate.CAPTURED;
        }
        if (p < 88) {
            return Fate.AUTHORIZED;
        }
        return p < 92 ? Fate.PENDING : Fate.FAILED;
    }

    private static void billingDetails(JsonGenerator out, Draw draw) throws IOException {
        out.writeObjectFieldStart("billing_details");
        Shape.address(out, draw, draw.percent(40));
        Shape.text(out, "email", draw.percent(50) ? draw.email() : null);
        Shape.text(out, "name", draw.percent(80) ? draw.personName() : null);
        Shape.text(out, "phone", draw.percent(20) ? draw.phone() : null);
        Shape.nulls(out, "tax_id");
        out.writeEndObject();
    }

    private static void outcome(JsonGenerator out, Fate fate, Draw draw) throws IOException {
        if (fate == Fate.PENDING) {
            out.writeNullField("outcome");
            return;
        }
        boolean failed = fate == Fate.FAILED;
        out.writeObjectFieldStart("outcome");
        Shape.text(out, "advice_code", failed ? "try_again_later" : null);
        Shape.nulls(out, "network_advice_code");
        Shape.text(out, "network_decline_code", failed ? "05" : null);
        out.writeStringField("network_status", failed ? "declined_by_network" : "approved_by_network");
        Shape.text(out, "reason", failed ? "generic_decline" : null);
        out.writeStringField("risk_level", "normal");
        out.writeNumberField("risk_score", draw.between(0, 65));
        out.writeStringField(
                "seller_message",
                failed ? "The bank did not return any further details with this decline." : "Payment complete.");
        out.writeStringField("type", failed ? "issuer_declined" : "authorized");
        out.writeEndObject();
    }

    private static void sepaDebit(JsonGenerator out, Draw draw) throws IOException {
        out.writeObjectFieldStart("payment_method_details");
        out.writeObjectFieldStart("sepa_debit");
        out.writeStringField("bank_code", String.valueOf(draw.between(10_000_000, 99_999_999)));
        Shape.nulls(out, "branch_code");
        out.writeStringField("country", "DE");
        out.writeStringField("fingerprint", draw.id("", 16));
        out.writeStringField("last4", String.valueOf(draw.between(1000, 9999)));
        out.writeStringField("mandate", draw.id("mandate_", 24));
        out.writeEndObject();
        out.writeStringField("type", "sepa_debit");
        out.writeEndObject();
    }

    private static void card(JsonGenerator out, Draw draw, long amount) throws IOException {
        String brand = draw.pick("visa", "mastercard", "amex");
        out.writeObjectFieldStart("payment_method_details");
        out.writeObjectFieldStart("card");
        out.writeNumberField("amount_authorized", amount);
        Shape.text(out, "authorization_code", draw.percent(90) ? String.valueOf(draw.between(100_000, 999_999)) : null);
        out.writeStringField("brand", brand);
        out.writeObjectFieldStart("checks");
        Shape.nulls(out, "address_line1_check");
        Shape.text(out, "address_postal_code_check", draw.percent(40) ? "pass" : null);
        out.writeStringField("cvc_check", draw.pick("pass", "pass", "unchecked"));
        out.writeEndObject();
        out.writeStringField("country", draw.country());
        out.writeNumberField("exp_month", draw.between(1, 13));
        out.writeNumberField("exp_year", draw.between(2027, 2035));
        status(out, "extended_authorization", "disabled");
        out.writeStringField("fingerprint", draw.id("", 16));
        out.writeStringField("funding", draw.pick("credit", "debit", "prepaid"));
        status(out, "incremental_authorization", "unavailable");
        Shape.nulls(out, "installments");
        out.writeStringField("last4", String.valueOf(draw.between(1000, 9999)));
        Shape.nulls(out, "mandate");
        status(out, "multicapture", "unavailable");
        out.writeStringField("network", brand);
        out.writeObjectFieldStart("network_token");
        out.writeBooleanField("used", draw.percent(20));
        out.writeEndObject();
        Shape.text(out, "network_transaction_id", String.valueOf(draw.between(100_000_000, 999_999_999)));
        out.writeObjectFieldStart("overcapture");
        out.writeNumberField("maximum_amount_capturable", amount);
        out.writeStringField("status", "unavailable");
        out.writeEndObject();
        Shape.text(out, "regulated_status", draw.pick("unregulated", "regulated"));
        Shape.nulls(out, "three_d_secure", "transaction_link_id", "wallet");
        out.writeEndObject();
        out.writeStringField("type", "card");
        out.writeEndObject();
    }

    private static void status(JsonGenerator out, String name, @Nullable String status) throws IOException {
        out.writeObjectFieldStart(name);
        Shape.text(out, "status", status);
        out.writeEndObject();
    }

    private static void shipping(JsonGenerator out, Draw draw) throws IOException {
        if (!draw.percent(20)) {
            out.writeNullField("shipping");
            return;
        }
        out.writeObjectFieldStart("shipping");
        Shape.address(out, draw, true);
        Shape.text(out, "carrier", draw.percent(50) ? draw.pick("DHL", "日本郵便") : null);
        out.writeStringField("name", draw.personName());
        Shape.text(out, "phone", draw.percent(50) ? draw.phone() : null);
        Shape.text(out, "tracking_number", draw.percent(50) ? draw.id("", 12) : null);
        out.writeEndObject();
    }
}
