package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.source.RequestGate;
import io.sequin.source.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows that one object has in a table of its children, or that are listed by its id. */
final class ChildRows {
    private final PagedLists lists;
    private final boolean strays;

    /** @param strays as to {@link Reply#saysGone(StripeTable, String, boolean)} */
    ChildRows(PagedLists lists, boolean strays) {
        this.lists = lists;
        this.strays = strays;
    }

    /**
     * Whose rows.
     *
     * @param lane that reads them
     * @param table whose rows they are
     * @param parent by whose id they are listed
     */
    record Of(LaneId lane, StripeTable table, String parent) {
        /** Pages of each have a size of their own. */
        LaneId pages() {
            return new LaneId(lane + "/" + table);
        }
    }

    /**
     * Rows of one parent.
     *
     * @param statuses that some of them have
     * @param next the last of them, where there are more; null: these are the last
     * @param bytes of the answers that were asked for
     * @param anew they are all from the first one on: what was read of this parent before counts no more
     */
    record Rows(
            List<Change> changes,
            Set<String> statuses,
            @Nullable String next,
            int bytes,
            int requests,
            boolean anew) {
        /** Those of a parent that is gone, for which nothing had to be asked. */
        static Rows without(Of of) {
            return new Rows(withoutParent(of, List.of()), Set.of(), null, 0, 0, false);
        }
    }

    /**
     * Reads from the beginning.
     *
     * @param known the list, or its beginning, that the parent brought; null: none
     * @param step of the first request, where there is any
     * @param maxBytes it stops at the end of the page that exceeds this
     */
    Rows read(Of of, @Nullable StripeList<StripeObject> known, RequestGate.Step step, int maxBytes) {
        if (known == null) {
            return readOn(of, null, step, maxBytes);
        }
        boolean more = known.hasMore();
        List<Change> first = changes(of.table(), of.parent(), known.data(), !more);
        if (!more) {
            return new Rows(first, Set.of(), null, 0, 0, false);
        }
        return readOn(of, first, known.data().getLast().id(), step, maxBytes);
    }

    /**
     * Reads on.
     *
     * @param after the last row read before; null: none
     * @param step of the first request
     */
    Rows readOn(Of of, @Nullable String after, RequestGate.Step step, int maxBytes) {
        return readOn(of, List.of(), after, step, maxBytes);
    }

    /**
     * Reads on.
     *
     * @param before the rows up to {@code after} that are still in hand
     */
    private Rows readOn(Of of, List<Change> before, @Nullable String after, RequestGate.Step first, int maxBytes) {
        List<Change> changes = new ArrayList<>(before);
        Set<String> statuses = new HashSet<>();
        RequestGate.Step step = first;
        String at = after;
        boolean anew = false;
        int bytes = 0;
        int requests = 0;
        while (true) {
            Reply reply = page(of, at, Math.max(maxBytes - bytes, 1), step);
            requests++;
            step = RequestGate.Step.GOES_ON;
            if (at != null && reply.anchorGone()) {
                // the row that marked the place was deleted: all come again
                at = null;
                anew = true;
                changes.clear();
                continue;
            }
            if (parentGone(reply, of)) {
                return new Rows(withoutParent(of, changes), statuses, null, bytes, requests, anew);
            }
            if (!reply.ok()) {
                throw StripeFailure.ofList(reply, of.table(), of.table());
            }
            StripeList<StripeObject> list = reply.read(body -> StripeList.objects(body, wanted(of.table())));
            bytes += reply.answer().body().length;
            list.data().forEach(row -> statuses.add(row.status()));
            changes.addAll(checked(reply, of, list));
            at = list.hasMore() ? list.data().getLast().id() : null;
            if (at == null || bytes >= maxBytes) {
                return new Rows(changes, statuses, at, bytes, requests, anew);
            }
        }
    }

    private Reply page(Of of, @Nullable String after, int maxBytes, RequestGate.Step step) {
        ListPlace place = of.table().place();
        Query query = place.query(of.parent());
        Query from = after == null ? query : query.and("starting_after", after);
        return lists.get(of.pages(), place.path(of.parent()), from, maxBytes, step);
    }

    /** By the path it is not found, by a parameter it is a bad one. */
    private boolean parentGone(Reply reply, Of of) {
        int status = reply.answer().status();
        return (status == 404 || status == 400)
                && reply.saysGone(StripeTables.get(of.table().parentTable().orElseThrow()), of.parent(), strays);
    }

    /** Rows that stand for themselves are not gone with what they are listed by. */
    private static List<Change> withoutParent(Of of, List<Change> read) {
        return of.table().isChild() ? changes(of.table(), of.parent(), List.of(), true) : read;
    }

    private static StripeObject.Wanted wanted(StripeTable table) {
        return table.isChild() ? StripeObject.Wanted.rowOf(table) : StripeObject.Wanted.USUAL;
    }

    private static List<Change> checked(Reply reply, Of of, StripeList<StripeObject> list) {
        try {
            return changes(of.table(), of.parent(), list.data(), !list.hasMore());
        } catch (UnexpectedJsonException unexpected) {
            throw reply.unexpected(unexpected.what());
        }
    }

    /**
     * What rows of one parent are to the engine.
     *
     * @param complete whether the parent has no more
     * @throws UnexpectedJsonException where they are something else than they should
     */
    static List<Change> changes(StripeTable table, String parent, List<StripeObject> rows, boolean complete) {
        List<Change.Upsert> upserts = new ArrayList<>(rows.size());
        List<Change> all = new ArrayList<>(rows.size());
        for (StripeObject row : rows) {
            if (row.deleted()) {
                all.add(new Change.Delete(table.name(), RowKey.of(row.id())));
            } else {
                Change.Upsert upsert = upsert(table, parent, row);
                upserts.add(upsert);
                all.add(upsert);
            }
        }
        return table.isChild()
                ? List.of(new Change.ChildSet(table.name(), RowKey.of(parent), complete, upserts))
                : List.copyOf(all);
    }

    private static Change.Upsert upsert(StripeTable table, String parent, StripeObject row) {
        if (!row.is(table)) {
            throw new UnexpectedJsonException("the list holds something else than a " + table.object());
        }
        Json json = row.json();
        if (table.addsParent()) {
            json = withParent(table.spec().parent().orElseThrow().field(), parent, json);
        } else if (table.isChild() && !parent.equals(row.parent())) {
            throw new UnexpectedJsonException("a " + table.object() + " does not name the object it is listed by");
        }
        return new Change.Upsert(table.name(), RowKey.of(row.id()), json);
    }

    /** The only rows that are copied: Stripe does not say in them whose they are. */
    private static Json withParent(String field, String parent, Json row) {
        byte[] head = ("{\"" + field + "\":\"" + parent + "\",").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + row.length() - 1];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(row.bytes(), row.offset() + 1, all, head.length, row.length() - 1);
        return Json.of(all);
    }
}
