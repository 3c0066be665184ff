package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sequin.data.Json;
import java.io.IOException;

/**
 * An object as Stripe sent it, and the fields of it that the connector itself needs.
 *
 * @param json the whole object: a slice of the answer
 * @param created seconds since 1970; 0 where the object has none, as deleted ones
 * @param deleted whether this is only the note that the object was deleted
 */
record StripeObject(Json json, String id, String object, long created, boolean deleted) {

    /** Reads the object that the parser stands before the first field of; ends at its end. */
    static StripeObject read(JsonParser parser, byte[] body) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        String id = null;
        String object = null;
        long created = 0;
        boolean deleted = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "id" -> id = Fragments.text(parser);
                case "object" -> object = Fragments.text(parser);
                case "created" -> created = Fragments.number(parser);
                case "deleted" -> deleted = value == JsonToken.VALUE_TRUE;
                default -> parser.skipChildren();
            }
        }
        int end = (int) parser.currentLocation().getByteOffset();
        return new StripeObject(
                new Json(body, start, end - start),
                Fragments.required(id, "id"),
                Fragments.required(object, "object"),
                created,
                deleted);
    }

    /** The only object in an answer. */
    static StripeObject parse(byte[] body) {
        return Fragments.parse(body, parser -> read(parser, body));
    }

    boolean is(StripeTable table) {
        return table.object().equals(object);
    }
}
