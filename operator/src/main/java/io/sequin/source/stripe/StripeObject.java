package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sequin.data.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An object as Stripe sent it, and the fields of it that the connector itself needs.
 *
 * @param json the whole object: a slice of the answer
 * @param created seconds since 1970, of an invoice item its {@code date}; 0 where the object has none, as deleted ones
 * @param deleted whether this is only the note that the object was deleted
 * @param status empty where it has none
 * @param parent the id in the field that was asked for; null: none
 * @param embedded the list in the field that was asked for; null: none
 */
record StripeObject(
        Json json,
        String id,
        String object,
        long created,
        boolean deleted,
        String status,
        @Nullable String parent,
        @Nullable StripeList<StripeObject> embedded)
        implements Dated {

    /**
     * What is needed of an object beside the usual.
     *
     * @param parent the field with the id of another object; null: none
     * @param embedded the field with a list; null: none
     * @param ofEmbedded what is needed of that list's objects
     */
    record Wanted(
            @Nullable String parent,
            @Nullable String embedded,
            @Nullable Wanted ofEmbedded) {
        static final Wanted USUAL = new Wanted(null, null, null);

        /** With the rows of a table that its parent brings along. */
        static Wanted embedding(StripeTable child) {
            TableSpec.Parent parent = child.spec().parent().orElseThrow();
            return new Wanted(null, parent.embedded(), rowOf(child));
        }

        /** A row of a table that belongs to a parent. */
        static Wanted rowOf(StripeTable child) {
            return child.addsParent()
                    ? USUAL
                    : new Wanted(child.spec().parent().orElseThrow().field(), null, null);
        }
    }

    /** Reads the object that the parser stands before the first field of; ends at its end. */
    static StripeObject read(JsonParser parser, byte[] body, Wanted wanted) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        String id = null;
        String object = null;
        long created = 0;
        long date = 0;
        boolean deleted = false;
        String status = null;
        String parent = null;
        StripeList<StripeObject> embedded = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals(wanted.parent())) {
                parent = Fragments.idOf(parser);
                continue;
            }
            switch (field) {
                case "id" -> id = Fragments.text(parser);
                case "object" -> object = Fragments.text(parser);
                case "created" -> created = Fragments.number(parser);
                case "date" -> date = Fragments.number(parser);
                case "deleted" -> deleted = value == JsonToken.VALUE_TRUE;
                case "status" -> status = Fragments.text(parser);
                default -> {
                    if (field.equals(wanted.embedded()) && value == JsonToken.START_OBJECT) {
                        embedded = list(parser, body, wanted);
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }
        int end = (int) parser.currentLocation().getByteOffset();
        return new StripeObject(
                new Json(body, start, end - start),
                Fragments.required(id, "id"),
                Fragments.required(object, "object"),
                created == 0 ? date : created,
                deleted,
                status == null ? "" : status,
                parent,
                embedded);
    }

    private static StripeList<StripeObject> list(JsonParser parser, byte[] body, Wanted wanted) throws IOException {
        Wanted rows = wanted.ofEmbedded() == null ? Wanted.USUAL : wanted.ofEmbedded();
        return StripeList.read(parser, row -> read(row, body, rows));
    }

    /** The only object in an answer. */
    static StripeObject parse(byte[] body) {
        return parse(body, Wanted.USUAL);
    }

    /** The only object in an answer. */
    static StripeObject parse(byte[] body, Wanted wanted) {
        return Fragments.parse(body, parser -> read(parser, body, wanted));
    }

    boolean is(StripeTable table) {
        return table.object().equals(object);
    }
}
