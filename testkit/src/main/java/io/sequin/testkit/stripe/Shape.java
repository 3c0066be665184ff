package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the first state of an object of one type. */
interface Shape {

    /** The same {@code origin} and {@code draw} always give the same bytes. */
    void write(JsonGenerator out, Origin origin, Draw draw) throws IOException;

    /**
     * Where an object comes from.
     *
     * @param index its place among the objects of its type, oldest first
     * @param created seconds since the epoch
     * @param customer id of the customer it belongs to, or null
     * @param parent id of the object whose child it is; null: it is nobody's child
     */
    record Origin(
            int index,
            String id,
            long created,
            boolean livemode,
            @Nullable String customer,
            @Nullable String parent,
            Links links) {}

    /** What else is stored, as one object sees it. The same choice always gives the same object. */
    interface Links {
        /** The id of an object that existed before, or one that nobody has. */
        default String idOf(String schema, Draw draw) {
            return idOf(StripeObjectType.of(schema), draw.bits())
                    .orElseGet(() -> draw.id(StripeObjectType.catalog().idPrefix(schema), 24));
        }

        /** The id of an object that existed before; empty: there is none. */
        Optional<String> idOf(StripeObjectType type, long choice);

        /** The object as it was when created; empty: there is none. */
        Optional<Body> firstState(StripeObjectType type, long choice);

        /** The first page of the object's children of these schemas, as it is now. */
        Body list(List<String> schemas);
    }

    static Shape of(StripeObjectType type, StripeOpenApi api) {
        return switch (type.path()) {
            case "/v1/customers" -> new CustomerShape();
            case "/v1/products" -> new ProductShape();
            case "/v1/charges" -> new ChargeShape();
            default -> new SchemaShape(type, api);
        };
    }

    static void nulls(JsonGenerator out, String... names) throws IOException {
        for (String name : names) {
            out.writeNullField(name);
        }
    }

    static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        out.writeFieldName(name);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeString(value);
        }
    }

    /** A full address, or one of only nulls as Stripe sends it where nothing is known. */
    static void address(JsonGenerator out, Draw draw, boolean known) throws IOException {
        out.writeObjectFieldStart("address");
        text(out, "city", known ? draw.city() : null);
        text(out, "country", known ? draw.country() : null);
        text(
                out,
                "line1",
                known ? draw.between(1, 999) + " " + draw.pick("Main St", "Bahnhofstraße", "本町", "ул. Ленина") : null);
        text(out, "line2", known && draw.percent(20) ? "Apt. " + draw.between(1, 60) : null);
        text(out, "postal_code", known ? String.valueOf(draw.between(10_000, 99_999)) : null);
        text(out, "state", known && draw.percent(40) ? draw.pick("CA", "ZH", "NY", "") : null);
        out.writeEndObject();
    }

    static void metadata(JsonGenerator out, Draw draw) throws IOException {
        out.writeObjectFieldStart("metadata");
        if (draw.percent(40)) {
            out.writeStringField("order_id", String.valueOf(draw.between(1, 1_000_000)));
        }
        if (draw.percent(15)) {
            out.writeStringField("note", draw.phrase());
        }
        if (draw.percent(5)) {
            out.writeStringField("ключ with space", "");
        }
        out.writeEndObject();
    }
}
