package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of a list, newest first.
 *
 * @param hasMore whether there are older ones
 */
record StripeList<T>(List<T> data, boolean hasMore) {

    /** Reads one element: the parser stands at its start and is left at its end. */
    @FunctionalInterface
    interface Element<T> {
        T read(JsonParser parser) throws IOException;
    }

    static StripeList<StripeObject> objects(byte[] body, StripeObject.Wanted wanted) {
        return parse(body, parser -> StripeObject.read(parser, body, wanted));
    }

    static StripeList<StripeEvent> events(byte[] body) {
        return parse(body, StripeEvent::read);
    }

    private static <T> StripeList<T> parse(byte[] body, Element<T> element) {
        return Fragments.parse(body, parser -> read(parser, element));
    }

    /** Reads the list that the parser has just entered; ends at its end. */
    static <T> StripeList<T> read(JsonParser parser, Element<T> element) throws IOException {
        List<T> data = null;
        Boolean hasMore = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("data") && value == JsonToken.START_ARRAY) {
                data = elements(parser, element);
            } else if (field.equals("has_more") && value.isBoolean()) {
                hasMore = value == JsonToken.VALUE_TRUE;
            } else {
                parser.skipChildren();
            }
        }
        List<T> found = Fragments.required(data, "data");
        boolean more = Fragments.required(hasMore, "has_more");
        if (more && found.isEmpty()) {
            throw new UnexpectedJsonException("has_more is true in an empty list");
        }
        return new StripeList<>(found, more);
    }

    private static <T> List<T> elements(JsonParser parser, Element<T> element) throws IOException {
        List<T> all = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            all.add(element.read(parser));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new UnexpectedJsonException("data holds something that is not an object");
        }
        return all;
    }
}
