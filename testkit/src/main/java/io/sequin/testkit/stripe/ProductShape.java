package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A product with every property of Stripe's documented object. */
final class ProductShape implements Shape {

    @Override
    public void write(JsonGenerator out, Origin origin, Draw draw) throws IOException {
        boolean physical = draw.percent(30);
        out.writeStartObject();
        out.writeStringField("id", origin.id());
        out.writeStringField("object", "product");
        out.writeBooleanField("active", draw.percent(88));
        out.writeNumberField("created", origin.created());
        Shape.text(out, "default_price", draw.percent(60) ? origin.links().idOf("price", draw) : null);
        Shape.text(out, "description", draw.percent(70) ? draw.phrase() : null);
        out.writeArrayFieldStart("images");
        for (int i = draw.between(0, 3); i > 0; i--) {
            out.writeString("https://files.example.com/" + draw.id("", 12) + ".png");
        }
        out.writeEndArray();
        out.writeBooleanField("livemode", origin.livemode());
        out.writeArrayFieldStart("marketing_features");
        if (draw.percent(20)) {
            out.writeStartObject();
            out.writeStringField("name", draw.phrase());
            out.writeEndObject();
        }
        out.writeEndArray();
        Shape.metadata(out, draw);
        out.writeStringField(
                "name", draw.pick("T-shirt", "Кружка", "珈琲豆", "Gold Plan ✨", "Café crème") + " " + origin.index());
        packageDimensions(out, draw, physical);
        out.writeFieldName("shippable");
        if (draw.percent(50)) {
            out.writeBoolean(physical);
        } else {
            out.writeNull();
        }
        Shape.text(out, "statement_descriptor", draw.percent(20) ? "SEQUIN " + draw.between(1, 99) : null);
        Shape.text(out, "tax_code", draw.percent(30) ? "txcd_" + draw.between(10_000_000, 99_999_999) : null);
        Shape.text(out, "unit_label", draw.percent(25) ? draw.pick("seat", "Stück", "個") : null);
        out.writeNumberField("updated", origin.created());
        Shape.text(out, "url", draw.percent(30) ? "https://shop.example.com/p/" + origin.index() : null);
        out.writeEndObject();
    }

    private static void packageDimensions(JsonGenerator out, Draw draw, boolean physical) throws IOException {
        if (!physical) {
            out.writeNullField("package_dimensions");
            return;
        }
        out.writeObjectFieldStart("package_dimensions");
        for (String side : new String[] {"height", "length", "weight", "width"}) {
            out.writeNumberField(side, draw.between(1, 10_000) / 100.0);
        }
        out.writeEndObject();
    }
}
