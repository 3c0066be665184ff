package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.RequestGate;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Query;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows {@code /v1/events} for all tables at once. An event is a hint only: the object is fetched again, so the order
 * of events and what they carry don't matter.
 */
final class Tail {
    /**
     * How far below the newest event each walk looks. Stripe's list of events is eventually consistent: others saw
     * events appear some seconds late and wait 5 to 60 s, so we look back by the longest of these.
     */
    static final Duration OVERLAP = Duration.ofSeconds(60);

    /** Stripe keeps events 30 days (docs.stripe.com/api/events); a day is left for the walk. */
    static final Duration RETENTION = Duration.ofDays(29);

    /** Where nothing happened for this long the floor follows the clock, else a quiet account would look expired. */
    static final Duration QUIET = Duration.ofDays(1);

    /** How far behind the clock it stays then. */
    static final Duration QUIET_LAG = Duration.ofHours(1);

    /** So many names of types a request may have (docs.stripe.com/api/events/list). */
    static final int MAX_TYPES = 20;

    static final String PATH = "/v1/events";
    static final String PERMISSION = "Events: Read";

    private final PagedLists lists;

    Tail(PagedLists lists) {
        this.lists = lists;
    }

    Page read(Lane lane, Checkpoint from, int maxBytes) {
        TailPosition at = TailPosition.of(from);
        Query query = query(lane.tables()).and("created[gte]", at.floor());
        TailPosition.Walk walk = at.walk();
        Query on = walk == null ? query : query.and("starting_after", walk.after());
        Reply reply = lists.get(lane.id(), PATH, on, maxBytes, RequestGate.Step.BEGINS);
        if (walk != null && reply.anchorGone()) {
            at = at.withoutWalk();
            reply = lists.get(lane.id(), PATH, query, maxBytes, RequestGate.Step.BEGINS);
        }
        if (!reply.ok()) {
            throw StripeFailure.of(reply, PERMISSION, null);
        }
        long now = reply.sourceTime().getEpochSecond();
        if (at.floor() < now - RETENTION.toSeconds()) {
            throw new SourceException(Problem.of(
                    SourceProblem.CURSOR_EXPIRED,
                    "the last events read are older than " + RETENTION.toDays()
                            + " days and Stripe keeps events for 30: all tables must be read again from the start"));
        }
        StripeList<StripeEvent> page = reply.read(StripeList::events);
        TailPosition next = at.after(page, now, event -> isOurs(event, lane.tables()));
        List<Change> hints = hints(page, at, lane.tables());
        return new Page(hints, next.equals(at) ? from : next.checkpoint(), next.walk() == null);
    }

    /** Names the types where Stripe takes so many names; else all events come, and what is not ours is left out here. */
    static Query query(Set<String> tables) {
        Set<String> types = StripeTables.eventTypes(tables);
        Query query = Query.NONE;
        if (types.size() <= MAX_TYPES) {
            for (String type : types) {
                query = query.and("types[]", type);
            }
        }
        return query;
    }

    /** One hint a row: that of its newest event, which comes first. */
    private static List<Change> hints(StripeList<StripeEvent> page, TailPosition at, Set<String> tables) {
        Map<Row, Change> hints = new LinkedHashMap<>();
        for (StripeEvent event : page.data()) {
            if (!at.done(event)) {
                for (Change.Hint hint : event.about()) {
                    if (isOurs(hint, tables)) {
                        hints.putIfAbsent(new Row(hint.table(), hint.key()), hint);
                    }
                }
            }
        }
        return List.copyOf(hints.values());
    }

    private static boolean isOurs(StripeEvent event, Set<String> tables) {
        return event.about().stream().anyMatch(hint -> isOurs(hint, tables));
    }

    private static boolean isOurs(Change.Hint hint, Set<String> tables) {
        return tables.contains(hint.table()) && !comesWithParent(hint.table(), tables);
    }

    private static boolean comesWithParent(String name, Set<String> tables) {
        StripeTable table = StripeTables.get(name);
        return table.isChild()
                && table.isEmbedded()
                && table.parentTable().filter(tables::contains).isPresent();
    }

    private record Row(String table, RowKey key) {}
}
