package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.RequestGate;
import io.sequin.source.http.Query;
import java.util.ArrayList;
import java.util.List;

/** Looks at the top of a list for rows that no event tells of. */
final class NewRows {
    static final String LANE = "new:";

    private final PagedLists lists;

    NewRows(PagedLists lists) {
        this.lists = lists;
    }

    Page read(Lane lane, StripeTable table, Checkpoint from, int maxBytes) {
        TailPosition at = TailPosition.of(from);
        Query query = table.place().query("").and("created[gte]", at.floor());
        TailPosition.Walk walk = at.walk();
        String path = table.place().path();
        Query on = walk == null ? query : query.and("starting_after", walk.after());
        Reply reply = lists.get(lane.id(), path, on, maxBytes, RequestGate.Step.BEGINS);
        if (walk != null && reply.anchorGone()) {
            at = at.withoutWalk();
            reply = lists.get(lane.id(), path, query, maxBytes, RequestGate.Step.BEGINS);
        }
        if (!reply.ok()) {
            throw StripeFailure.ofList(reply, table, Listing.blamed(table, lane.tables()));
        }
        StripeList<StripeObject> page = reply.read(body -> StripeList.objects(body, StripeObject.Wanted.USUAL));
        List<Change> changes = new ArrayList<>();
        for (StripeObject object : page.data()) {
            if (!object.is(table)) {
                throw reply.unexpected("the list holds something else than a " + table.object());
            }
            if (!at.done(object)) {
                add(lane, table, object, changes);
            }
        }
        TailPosition next = at.after(page, reply.sourceTime().getEpochSecond());
        return new Page(changes, next.equals(at) ? from : next.checkpoint(), next.walk() == null);
    }

    /** The row is here already; the rows of its children are not. */
    private static void add(Lane lane, StripeTable table, StripeObject object, List<Change> changes) {
        RowKey key = RowKey.of(object.id());
        for (String name : lane.tables()) {
            changes.add(
                    name.equals(table.name())
                            ? new Change.Upsert(name, key, object.json())
                            : new Change.Hint(name, key, false));
        }
    }
}
