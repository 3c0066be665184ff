package io.sequin.testkit.stripe;

import io.sequin.testkit.stripe.Pager.Cursor;
import io.sequin.testkit.stripe.Pager.Window;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;

/** What each path answers, for a key that may ask. */
final class Endpoints {
    private final StripeData data;
    private final StripeData otherMode;

    /** With the data that the key reads, and those of the same account in the other mode. */
    Endpoints(StripeData data, StripeData otherMode) {
        this.data = data;
        this.otherMode = otherMode;
    }

    Body list(StripeObjectType type, StripeQuery query) {
        query.allowOfList(ObjectFilter.parameters(type));
        ObjectFilter filter = ObjectFilter.of(type, query);
        return data.readObjects((objects, events) -> {
            ObjectTable table = objects.table(type);
            Cursor cursor = cursor(query, type.wireName(), id -> {
                int index = table.indexOf(id);
                return index >= 0 && table.isLive(index) ? index : -1;
            });
            Window window = Pager.page(
                    table,
                    query.created(),
                    cursor,
                    query.limit(),
                    i -> table.isLive(i)
                            && (filter.isEmpty() || filter.accepts(JsonBytes.parse(objects.body(type, i)))));
            List<Body> bodies = new ArrayList<>(window.indexes().size());
            window.indexes().forEach(i -> bodies.add(objects.body(type, i)));
            return page(type.path(), bodies, window.hasMore());
        });
    }

    /**
     * By the OpenAPI document the answer for a deleted customer is {@code deleted_customer}; a product's retrieval knows no such
     * answer, so a deleted product is missing.
     */
    Body retrieve(StripeObjectType type, String id, StripeQuery query) {
        query.allow(Set.of());
        return data.readObjects((objects, events) -> {
            ObjectTable table = objects.table(type);
            int index = table.indexOf(id);
            if (index >= 0 && table.isLive(index)) {
                return objects.body(type, index);
            }
            if (index >= 0 && type == StripeObjectType.CUSTOMER) {
                return JsonBytes.of(JsonBytes.object()
                        .put("id", id)
                        .put("object", type.wireName())
                        .put("deleted", true));
            }
            throw StripeError.missing(404, type.wireName(), id, hint(type, id), "id")
                    .asAnswer();
        });
    }

    private String hint(StripeObjectType type, String id) {
        if (otherMode.find(type, id).isEmpty()) {
            return "";
        }
        return data.livemode()
                ? "; a similar object exists in test mode, but a live mode key was used to make this request."
                : "; a similar object exists in live mode, but a test mode key was used to make this request.";
    }

    Body listEvents(StripeQuery query) {
        query.allowOfList(Set.of("delivery_success", "type", "types"));
        EventFilter wanted = EventFilter.of(query);
        long now = data.nowMillis();
        long oldest = now / 1000 - StripeData.EVENT_RETENTION_SECONDS;
        return data.readObjects((objects, events) -> {
            Cursor cursor = cursor(query, "event", id -> {
                int index = events.indexOf(id);
                return index >= 0 && events.isListed(index, oldest, now) ? index : -1;
            });
            Window window = Pager.page(
                    events,
                    query.created().notBefore(oldest),
                    cursor,
                    query.limit(),
                    i -> events.isListed(i, oldest, now)
                            && wanted.test(events.get(i).type()));
            List<Body> bodies = new ArrayList<>(window.indexes().size());
            window.indexes().forEach(i -> bodies.add(EventBody.of(objects, events, i, data.livemode())));
            return page("/v1/events", bodies, window.hasMore());
        });
    }

    Body retrieveEvent(String id, StripeQuery query) {
        query.allow(Set.of());
        long now = data.nowMillis();
        long oldest = now / 1000 - StripeData.EVENT_RETENTION_SECONDS;
        return data.readObjects((objects, events) -> {
            int index = events.indexOf(id);
            if (index < 0 || !events.isListed(index, oldest, now)) {
                throw StripeError.missing(404, "event", id, "", "id").asAnswer();
            }
            return EventBody.of(objects, events, index, data.livemode());
        });
    }

    /** A cursor must name an object that is still listed; a deleted one is as unknown as any other id. */
    private static Cursor cursor(StripeQuery query, String objectName, ToIntFunction<String> indexOf) {
        if (query.one("starting_after").isPresent()
                && query.one("ending_before").isPresent()) {
            throw StripeError.badRequest("You may only specify one of these parameters: ending_before, starting_after.")
                    .asAnswer();
        }
        return new Cursor(
                place(query, "starting_after", objectName, indexOf),
                place(query, "ending_before", objectName, indexOf));
    }

    private static OptionalInt place(
            StripeQuery query, String param, String objectName, ToIntFunction<String> indexOf) {
        if (query.one(param).isEmpty()) {
            return OptionalInt.empty();
        }
        String id = query.one(param).get();
        int index = indexOf.applyAsInt(id);
        if (index < 0) {
            throw StripeError.missing(400, objectName, id, "", param).asAnswer();
        }
        return OptionalInt.of(index);
    }

    private static Body page(String url, List<Body> bodies, boolean hasMore) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(
                64 + bodies.stream().mapToInt(b -> b.length() + 1).sum());
        out.writeBytes("{\"object\":\"list\",\"data\":[".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < bodies.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(bodies.get(i).utf8());
        }
        out.writeBytes(("],\"has_more\":" + hasMore + ",\"url\":\"" + url + "\"}").getBytes(StandardCharsets.UTF_8));
        return new Body(out.toByteArray());
    }
}
