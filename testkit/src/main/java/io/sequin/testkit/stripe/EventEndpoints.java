package io.sequin.testkit.stripe;

import io.sequin.testkit.stripe.Pager.Cursor;
import io.sequin.testkit.stripe.Pager.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What {@code /v1/events} answers, for a key that may ask. */
final class EventEndpoints {
    private final StripeData data;

    EventEndpoints(StripeData data) {
        this.data = data;
    }

    Body list(StripeQuery query) {
        query.allowOfList(StripeOpenApi.load().parameters("/v1/events"));
        EventFilter wanted = EventFilter.of(query);
        long now = data.nowMillis();
        long oldest = now / 1000 - StripeData.EVENT_RETENTION_SECONDS;
        return data.readObjects((objects, events) -> {
            Cursor cursor = Endpoints.Cursors.of(query, "event", id -> {
                int index = events.indexOf(id);
                return index >= 0 && events.isListed(index, oldest, now) ? index : -1;
            });
            Window window = Pager.page(
                    events,
                    query.range("created").notBefore(oldest),
                    cursor,
                    query.limit(),
                    i -> events.isListed(i, oldest, now)
                            && wanted.test(events.get(i).type()));
            List<Body> bodies = new ArrayList<>(window.indexes().size());
            window.indexes().forEach(i -> bodies.add(EventBody.of(objects, events, i, data.livemode())));
            return PageBody.of("/v1/events", bodies, window.hasMore());
        });
    }

    Body retrieve(String id, StripeQuery query) {
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
}
