package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.source.stripe.StripeTables.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event, reduced to what it hints at. Its payload is shaped by the API version of the time it was made, whatever
 * version we ask for, so it is never written.
 *
 * @param created seconds since 1970
 * @param about the rows it is about, in any table of ours, selected or not; none for a refund without a charge
 */
record StripeEvent(String id, String type, long created, List<Change.Hint> about) implements Dated {
    private static final Logger LOG = LoggerFactory.getLogger(StripeEvent.class);

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
        String event = Fragments.required(id, "id");
        return new StripeEvent(event, known, created, about(event, known, subject));
    }

    /** Stripe adds events about what is not there yet, as {@code invoice.upcoming}: such objects have no id. */
    private static List<Change.Hint> about(String event, String type, Map<String, String> subject) {
        List<Change.Hint> hints = new ArrayList<>();
        for (Subject about : StripeTables.ofEvent(type)) {
            String id = subject.get(about.field());
            StripeTable table = about.table();
            if (id == null && about.own()) {
                LOG.warn("event {} of type {} names no object: there is nothing to fetch", event, type);
            }
            if (id != null) {
                boolean deletion = about.gone() && type.endsWith(".deleted");
                hints.add(new Change.Hint(table.name(), RowKey.of(id), deletion));
            }
        }
        return List.copyOf(hints);
    }

    /** The texts in {@code data.object}, and the ids of objects in it: what is related may come whole. */
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
            String value = Fragments.idOf(parser);
            if (value != null) {
                found.put(field, value);
            }
        }
        return found;
    }
}
