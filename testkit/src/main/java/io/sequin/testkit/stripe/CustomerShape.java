package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A customer as the list and the retrieval show it: without the properties that only {@code expand} brings (cash_balance,
 * invoice_credit_balance, sources, subscriptions, tax, tax_ids).
 */
final class CustomerShape implements Shape {

    @Override
    public void write(JsonGenerator out, Origin origin, Draw draw) throws IOException {
        String name = draw.percent(92) ? draw.personName() : null;
        String phone = draw.percent(50) ? draw.phone() : null;
        boolean business = draw.percent(20);
        out.writeStartObject();
        out.writeStringField("id", origin.id());
        out.writeStringField("object", "customer");
        if (draw.percent(70)) {
            Shape.address(out, draw, true);
        } else {
            out.writeNullField("address");
        }
        out.writeNumberField("balance", draw.percent(85) ? 0 : draw.between(-50_000, 50_000));
        if (business) {
            out.writeStringField("business_name", draw.pick("Ångström & Søn A/S", "株式会社サンプル", "ACME, Inc."));
        }
        out.writeNumberField("created", origin.created());
        Shape.text(out, "currency", draw.percent(60) ? draw.currency() : null);
        Shape.nulls(out, "customer_account");
        Shape.text(out, "default_source", draw.percent(10) ? draw.id("card_", 24) : null);
        out.writeBooleanField("delinquent", draw.percent(4));
        Shape.text(out, "description", draw.percent(40) ? draw.phrase() : null);
        discount(out, origin, draw);
        Shape.text(out, "email", draw.percent(95) ? draw.email() : null);
        if (name != null && !business) {
            out.writeStringField("individual_name", name);
        }
        Shape.text(out, "invoice_prefix", draw.hex(7) + draw.between(0, 10));
        invoiceSettings(out, origin, draw);
        out.writeBooleanField("livemode", origin.livemode());
        Shape.metadata(out, draw);
        Shape.text(out, "name", name);
        out.writeNumberField("next_invoice_sequence", draw.between(1, 40));
        Shape.text(out, "phone", phone);
        out.writeArrayFieldStart("preferred_locales");
        if (draw.percent(30)) {
            out.writeString(draw.pick("en", "de-CH", "ja", "pt-BR"));
        }
        out.writeEndArray();
        shipping(out, draw);
        out.writeStringField("tax_exempt", draw.pick("none", "none", "none", "exempt", "reverse"));
        Shape.nulls(out, "test_clock");
        out.writeEndObject();
    }

    private static void discount(JsonGenerator out, Origin origin, Draw draw) throws IOException {
        if (!draw.percent(3)) {
            out.writeNullField("discount");
            return;
        }
        out.writeObjectFieldStart("discount");
        out.writeStringField("id", draw.id("di_", 24));
        out.writeStringField("object", "discount");
        Shape.nulls(out, "checkout_session");
        out.writeStringField("customer", origin.id());
        Shape.nulls(out, "customer_account", "end", "invoice", "invoice_item", "promotion_code");
        out.writeObjectFieldStart("source");
        out.writeStringField("coupon", draw.id("", 8));
        out.writeStringField("type", "coupon");
        out.writeEndObject();
        out.writeNumberField("start", origin.created());
        Shape.nulls(out, "subscription", "subscription_item");
        out.writeEndObject();
    }

    private static void invoiceSettings(JsonGenerator out, Origin origin, Draw draw) throws IOException {
        out.writeObjectFieldStart("invoice_settings");
        Shape.nulls(out, "custom_fields");
        Shape.text(
                out, "default_payment_method", draw.percent(35) ? origin.links().idOf("payment_method", draw) : null);
        Shape.text(out, "footer", draw.percent(5) ? draw.phrase() : null);
        Shape.nulls(out, "rendering_options");
        out.writeEndObject();
    }

    private static void shipping(JsonGenerator out, Draw draw) throws IOException {
        if (!draw.percent(25)) {
            out.writeNullField("shipping");
            return;
        }
        out.writeObjectFieldStart("shipping");
        Shape.address(out, draw, true);
        out.writeStringField("name", draw.personName());
        Shape.text(out, "phone", draw.percent(50) ? draw.phone() : null);
        out.writeEndObject();
    }
}
