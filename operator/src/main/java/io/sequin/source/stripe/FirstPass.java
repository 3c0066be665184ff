package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.http.Query;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists a table from the newest object to the oldest. Objects made meanwhile come on top, where the listing has been:
 * the tail brings those. Where the object that marks the place was deleted, the listing goes on at the second in which
 * it was made: some rows come twice, none is left out.
 */
final class FirstPass {
    private final PagedLists lists;

    FirstPass(PagedLists lists) {
        this.lists = lists;
    }

    Page read(Lane lane, StripeTable table, Checkpoint from, int maxBytes) {
        FirstPassPosition at = FirstPassPosition.of(from);
        Query query = at.after() == null ? Query.NONE : Query.NONE.and("starting_after", at.after());
        Reply reply = lists.get(lane.id(), table.path(), query, maxBytes);
        if (at.after() != null && reply.anchorGone()) {
            reply = lists.get(lane.id(), table.path(), Query.NONE.and("created[lte]", at.created()), maxBytes);
        }
        if (!reply.ok()) {
            throw StripeFailure.of(reply, table.permission(), table);
        }
        StripeList<StripeObject> list = reply.read(StripeList::objects);
        List<Change> rows = new ArrayList<>(list.data().size());
        for (StripeObject object : list.data()) {
            if (!object.is(table)) {
                throw reply.unexpected("the list holds something else than a " + table.object());
            }
            rows.add(new Change.Upsert(table.object(), RowKey.of(object.id()), object.json()));
        }
        return new Page(rows, next(list, from), !list.hasMore());
    }

    private static Checkpoint next(StripeList<StripeObject> list, Checkpoint from) {
        if (list.data().isEmpty()) {
            return from;
        }
        StripeObject oldest = list.data().getLast();
        return new FirstPassPosition(oldest.id(), oldest.created()).checkpoint();
    }
}
