package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event, reduced to what it hints at. Its payload is shaped by the API version of the time it was made, whatever
 * version we ask for, so it is never written.
 *
 * @param created seconds since 1970
 * @param table the table with the row it is about; null: none of ours
 * @param rowId the id of that row; null: none, as for a refund without a charge
 */
record StripeEvent(
        String id,
        String type,
        long created,
        @Nullable StripeTable table,
        @Nullable String rowId) {

    static StripeEvent read(JsonParser parser) throws IOException {
        String id = null;
        String type = null;
        long created = 0;
        Map<String, String> subject = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "id" -> id = Fragments.text(parser);
                case "type" -> type = Fragments.text(parser);
                case "created" -> created = Fragments.number(parser);
                case "data" -> subject = value == JsonToken.START_OBJECT ? subject(parser) : Map.of();
                default -> parser.skipChildren();
            }
        }
        String known = Fragments.required(type, "type");
        StripeTable table = StripeTable.ofEvent(known).orElse(null);
        return new StripeEvent(
                Fragments.required(id, "id"),
                known,
                created,
                table,
                table == null ? null : rowId(table, known, subject));
    }

    private static @Nullable String rowId(StripeTable table, String type, Map<String, String> subject) {
        return table.eventTypes().contains(type)
                ? Fragments.required(subject.get("id"), "data.object.id")
                : subject.get(table.object());
    }

    /** Whether the row itself was deleted: not so for {@code customer.discount.deleted}. */
    boolean deletion() {
        return table != null && type.equals(table.object() + ".deleted");
    }

    /** The text fields of {@code data.object}. */
    private static Map<String, String> subject(JsonParser parser) throws IOException {
        Map<String, String> found = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("object") && value == JsonToken.START_OBJECT) {
                found = texts(parser);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static Map<String, String> texts(JsonParser parser) throws IOException {
        Map<String, String> found = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            String value = Fragments.text(parser);
            if (value != null) {
                found.put(field, value);
            }
        }
        return found;
    }
}
