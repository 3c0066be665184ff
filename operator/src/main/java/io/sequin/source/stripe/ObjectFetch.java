package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.source.RequestGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one object as it is now, with the rows of its children. Only Stripe's own word that this very object is gone
 * makes a Delete.
 */
final class ObjectFetch {
    private static final LaneId LANE = new LaneId("fetch");

    private final StripeApi api;
    private final ChildRows children;
    private final boolean strays;

    /**
     * With the calls of one purpose.
     *
     * @param strays as to {@link Reply#saysGone(StripeTable, String, boolean)}
     */
    ObjectFetch(StripeApi api, boolean strays) {
        this.api = api;
        this.strays = strays;
        this.children = new ChildRows(new PagedLists(api), strays);
    }

    /**
     * What a hint led to.
     *
     * @param selected the tables that are filled
     */
    List<Change> fetch(StripeTable table, Change.Hint hint, Set<String> selected, int maxBytes) {
        String id = hint.key().parts().getFirst();
        if (!table.isChild()) {
            return object(table, table, id, hint.key(), selected, maxBytes);
        }
        if (table.isEmbedded()) {
            StripeTable parent = StripeTables.get(table.parentTable().orElseThrow());
            return object(parent, table, id, hint.key(), Set.of(table.name()), maxBytes);
        }
        return whole(table, id, null, RequestGate.Step.BEGINS, maxBytes);
    }

    /** The object and the children that it brings; where the hint is of those, they alone. */
    private List<Change> object(
            StripeTable table, StripeTable hinted, String id, RowKey key, Set<String> selected, int maxBytes) {
        StripeTable embedded = StripeTables.childrenOf(table).stream()
                .filter(c -> c.isEmbedded() && selected.contains(c.name()))
                .findFirst()
                .orElse(null);
        Reply reply = api.one(table.place().one(id));
        List<Change> changes = new ArrayList<>();
        boolean itself = table.name().equals(hinted.name());
        StripeObject object = present(reply, table, hinted, id, embedded);
        if (object == null) {
            if (itself) {
                changes.add(new Change.Delete(table.name(), key));
            }
            StripeTables.childrenOf(table).stream()
                    .filter(c -> selected.contains(c.name()))
                    .forEach(c -> changes.add(new Change.ChildSet(c.name(), key, true, List.of())));
            return changes;
        }
        if (itself) {
            changes.add(new Change.Upsert(table.name(), key, object.json()));
        }
        if (embedded != null) {
            changes.addAll(embedded(reply, embedded, object, maxBytes));
        }
        return changes;
    }

    private List<Change> embedded(Reply reply, StripeTable child, StripeObject object, int maxBytes) {
        try {
            return whole(child, object.id(), object.embedded(), RequestGate.Step.GOES_ON, maxBytes);
        } catch (UnexpectedJsonException unexpected) {
            throw reply.unexpected(unexpected.what());
        }
    }

    /** All rows of one parent: they must be applied together, so they are held together. */
    private List<Change> whole(
            StripeTable child,
            String parent,
            @Nullable StripeList<StripeObject> known,
            RequestGate.Step step,
            int maxBytes) {
        ChildRows.Of of = new ChildRows.Of(LANE, child, parent);
        ChildRows.Rows rows = children.read(of, known, step, maxBytes);
        List<Change> all = new ArrayList<>(rows.changes());
        while (rows.next() != null) {
            rows = children.readOn(of, rows.next(), RequestGate.Step.GOES_ON, maxBytes);
            if (rows.anew()) {
                all.clear();
            }
            all.addAll(rows.changes());
        }
        return all;
    }

    /** The object; null: it is gone. */
    private @Nullable StripeObject present(
            Reply reply, StripeTable table, StripeTable hinted, String id, @Nullable StripeTable embedded) {
        if (reply.ok()) {
            StripeObject.Wanted wanted =
                    embedded == null ? StripeObject.Wanted.USUAL : StripeObject.Wanted.embedding(embedded);
            StripeObject object = reply.read(body -> StripeObject.parse(body, wanted));
            if (!object.is(table) || !object.id().equals(id)) {
                throw reply.unexpected("it is another object");
            }
            return object.deleted() ? null : object;
        }
        if (reply.answer().status() == 404 && reply.saysGone(table, id, strays)) {
            return null;
        }
        throw StripeFailure.of(reply, table.permission(), hinted);
    }
}
