package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.source.RequestGate;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a list from the newest object to the oldest, with the rows of the objects' children. Objects made meanwhile come
 * on top, where the walk has been. Where the object that marks the place was deleted, the walk goes on at the second in
 * which it was made, or where that is not known or the list can't be cut by it, from the top: some rows come twice, none is
 * left out.
 */
final class Listing {
    /** So many objects are listed at once where each costs a request of its own, and so many such requests a read makes. */
    static final int ASIDE = 25;

    private final PagedLists lists;
    private final ChildRows children;

    Listing(PagedLists lists) {
        this.lists = lists;
        this.children = new ChildRows(lists, false);
    }

    /**
     * What to walk.
     *
     * @param wanted the tables to fill: the list's own, or those of its objects' children, or both
     * @param since only objects made at or after this second, where the list can be cut by that
     */
    record Walk(LaneId lane, StripeTable list, Set<String> wanted, OptionalLong since) {
        /** The table, if any, whose rows come with the objects of the list. */
        Optional<StripeTable> child() {
            return wanted.stream()
                    .sorted()
                    .map(StripeTables::get)
                    .filter(t -> t.parentTable().filter(list.name()::equals).isPresent())
                    .findFirst();
        }

        Query query(Spot at) {
            Query own = at.rest() ? list.place().queryOfRest() : list.place().query("");
            return list.created() && since.isPresent() ? own.and("created[gte]", since.getAsLong()) : own;
        }
    }

    /**
     * Part of a list.
     *
     * @param marks of each object of the list, or where those are only walked for their children, of their rows
     * @param newest when the newest object of the list was made, whatever its rows; seconds since 1970; 0: none
     * @param safe whether the changes may be committed without those of the next part
     */
    record Part(List<Mark> marks, long newest, List<Change> changes, Spot next, boolean safe, boolean end) {
        Part goingOn(Spot at) {
            return new Part(marks, newest, changes, at, safe, false);
        }
    }

    /** The state of a row, and when it was made, or the object by which it is listed. */
    record Mark(long created, String status) {
        static Mark of(StripeObject object) {
            return new Mark(object.created(), object.status());
        }
    }

    Part read(Walk walk, Spot from, int maxBytes) {
        Part part = readOne(walk, from, maxBytes);
        return part.end() && walk.list().place().hasRest() && !from.rest() ? part.goingOn(Spot.startOfRest()) : part;
    }

    private Part readOne(Walk walk, Spot from, int maxBytes) {
        StripeTable child = walk.child().orElse(null);
        if (child != null && from.inside() != null && from.after() != null) {
            return inside(walk, child, from.after(), from, maxBytes);
        }
        boolean apart = child != null && !child.isEmbedded();
        int bound = child == null ? maxBytes : maxBytes / 2;
        Reply reply = page(walk, from, bound, apart ? ASIDE : PagedLists.MAX_LIMIT);
        StripeObject.Wanted wanted =
                child != null && child.isEmbedded() ? StripeObject.Wanted.embedding(child) : StripeObject.Wanted.USUAL;
        StripeList<StripeObject> list = reply.read(body -> StripeList.objects(body, wanted));
        for (StripeObject object : list.data()) {
            if (!object.is(walk.list())) {
                throw reply.unexpected(
                        "the list holds something else than a " + walk.list().object());
            }
        }
        return child == null ? rows(walk, list, from) : family(walk, child, reply, list, from, maxBytes - bound);
    }

    private Reply page(Walk walk, Spot from, int maxBytes, int most) {
        StripeTable table = walk.list();
        Query query = walk.query(from);
        String path = table.place().path();
        Query on = from.after() == null ? query : query.and("starting_after", from.after());
        Reply reply = lists.get(walk.lane(), path, on, maxBytes, most, RequestGate.Step.BEGINS);
        if (from.after() != null && reply.anchorGone()) {
            boolean cut = table.created() && from.created() > 0;
            Query again = cut ? query.and("created[lte]", from.created()) : query;
            reply = lists.get(walk.lane(), path, again, maxBytes, most, RequestGate.Step.BEGINS);
        }
        if (!reply.ok()) {
            throw StripeFailure.ofList(reply, table, blamed(table, walk.wanted()));
        }
        return reply;
    }

    /** The table that a failure of this list is about. */
    static StripeTable blamed(StripeTable list, Set<String> wanted) {
        return wanted.contains(list.name())
                ? list
                : StripeTables.get(wanted.stream().sorted().findFirst().orElseThrow());
    }

    private static Part rows(Walk walk, StripeList<StripeObject> list, Spot from) {
        List<Change> rows = new ArrayList<>(list.data().size());
        list.data().forEach(object -> rows.add(row(walk.list(), object)));
        Spot next = list.data().isEmpty() ? from : from.behind(list.data().getLast());
        List<Mark> marks = list.data().stream().map(Mark::of).toList();
        return new Part(marks, newest(list), rows, next, true, !list.hasMore());
    }

    private static long newest(StripeList<StripeObject> list) {
        return list.data().stream().mapToLong(StripeObject::created).max().orElse(0);
    }

    private static Change row(StripeTable table, StripeObject object) {
        if (object.deleted()) {
            return new Change.Delete(table.name(), RowKey.of(object.id()));
        }
        return new Change.Upsert(table.name(), RowKey.of(object.id()), object.json());
    }

    /** Objects with their children, as many as fit: what is left of the page is listed again by the next read. */
    private Part family(
            Walk walk, StripeTable child, Reply reply, StripeList<StripeObject> list, Spot from, int maxBytes) {
        List<Change> changes = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        Spot at = from;
        int bytes = 0;
        int requests = 0;
        for (int i = 0; i < list.data().size(); i++) {
            StripeObject object = list.data().get(i);
            ChildRows.Rows rows;
            try {
                // without its children the first counts for nothing
                RequestGate.Step step = i == 0 ? RequestGate.Step.GOES_ON : RequestGate.Step.BEGINS;
                rows = childRows(walk, child, reply, object, step, Math.max(1, maxBytes - bytes));
            } catch (SourceException e) {
                if (i == 0 || e.problem().code() != SourceProblem.RATE_LIMITED) {
                    throw e;
                }
                // what is there counts: the same limit may never let all of the page through at once
                return new Part(marks, newest(list), changes, at, true, false);
            }
            if (walk.wanted().contains(walk.list().name())) {
                changes.add(row(walk.list(), object));
            }
            changes.addAll(rows.changes());
            marks.addAll(marks(walk, object.created(), object.status(), rows));
            bytes += rows.bytes();
            requests += rows.requests();
            at = from.behind(object).inside(rows.next());
            boolean last = i == list.data().size() - 1;
            if (rows.next() != null || (!last && (bytes >= maxBytes || requests >= ASIDE))) {
                boolean safe = rows.next() == null || !child.isChild();
                return new Part(marks, newest(list), changes, at, safe, false);
            }
        }
        return new Part(marks, newest(list), changes, at, true, !list.hasMore());
    }

    private static List<Mark> marks(Walk walk, long created, String status, ChildRows.Rows rows) {
        return walk.wanted().contains(walk.list().name())
                ? List.of(new Mark(created, status))
                : rows.statuses().stream().map(s -> new Mark(created, s)).toList();
    }

    private ChildRows.Rows childRows(
            Walk walk, StripeTable child, Reply reply, StripeObject object, RequestGate.Step step, int maxBytes) {
        ChildRows.Of of = new ChildRows.Of(walk.lane(), child, object.id());
        if (object.deleted()) {
            return ChildRows.Rows.without(of);
        }
        @Nullable StripeList<StripeObject> known = child.isEmbedded() ? object.embedded() : null;
        try {
            return children.read(of, known, step, maxBytes);
        } catch (UnexpectedJsonException unexpected) {
            throw reply.unexpected(unexpected.what());
        }
    }

    private Part inside(Walk walk, StripeTable child, String parent, Spot from, int maxBytes) {
        // what came of a set before is not committed without the rest
        RequestGate.Step step = child.isChild() ? RequestGate.Step.GOES_ON : RequestGate.Step.BEGINS;
        ChildRows.Of of = new ChildRows.Of(walk.lane(), child, parent);
        ChildRows.Rows rows = children.readOn(of, from.inside(), step, maxBytes);
        if (rows.anew() && child.isChild()) {
            // one of the pieces handed out before holds the row that is gone
            throw StripeFailure.begunAnew(child);
        }
        boolean safe = rows.next() == null || !child.isChild();
        List<Mark> marks = marks(walk, from.created(), "", rows);
        return new Part(marks, from.created(), rows.changes(), from.inside(rows.next()), safe, false);
    }
}
