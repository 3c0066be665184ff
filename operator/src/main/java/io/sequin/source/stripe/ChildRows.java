package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
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

    ChildRows(PagedLists lists) {
        this.lists = lists;
    }

    /**
     * Rows of one parent.
     *
     * @param statuses that some of them have
     * @param next the last of them, where there are more; null: these are the last
     * @param bytes of the answers that were asked for
     */
    record Rows(
            List<Change> changes,
            Set<String> statuses,
            @Nullable String next,
            int bytes,
            int requests) {}

    /**
     * Reads from the beginning.
     *
     * @param known the list, or its beginning, that the parent brought; null: none
     * @param maxBytes it stops at the end of the page that exceeds this
     */
    Rows read(LaneId lane, StripeTable table, String parent, @Nullable StripeList<StripeObject> known, int maxBytes) {
        if (known == null) {
            return readOn(lane, table, parent, null, maxBytes);
        }
        boolean more = known.hasMore();
        List<Change> first = changes(table, parent, known.data(), !more);
        if (!more) {
            return new Rows(first, Set.of(), null, 0, 0);
        }
        return readOn(lane, table, parent, first, known.data().getLast().id(), maxBytes);
    }

    /**
     * Reads on.
     *
     * @param after the last row read before; null: none
     */
    Rows readOn(LaneId lane, StripeTable table, String parent, @Nullable String after, int maxBytes) {
        return readOn(lane, table, parent, List.of(), after, maxBytes);
    }

    /**
     * Reads on.
     *
     * @param before the rows up to {@code after} that are still in hand
     */
    private Rows readOn(
            LaneId lane, StripeTable table, String parent, List<Change> before, @Nullable String after, int maxBytes) {
        List<Change> changes = new ArrayList<>(before);
        Set<String> statuses = new HashSet<>();
        LaneId pages = new LaneId(lane + "/" + table);
        String path = table.place().path(parent);
        Query query = table.place().query(parent);
        String at = after;
        int bytes = 0;
        int requests = 0;
        while (true) {
            Query from = at == null ? query : query.and("starting_after", at);
            Reply reply = lists.get(pages, path, from, Math.max(maxBytes - bytes, 1));
            requests++;
            if (at != null && reply.anchorGone()) {
                // the row that marked the place was deleted: all come again
                at = null;
                changes.clear();
                continue;
            }
            if (parentGone(reply, table, parent)) {
                return new Rows(withoutParent(table, parent, changes), statuses, null, bytes, requests);
            }
            if (!reply.ok()) {
                throw StripeFailure.ofList(reply, table, table);
            }
            StripeList<StripeObject> list = reply.read(body -> StripeList.objects(body, wanted(table)));
            bytes += reply.answer().body().length;
            list.data().forEach(row -> statuses.add(row.status()));
            changes.addAll(checked(reply, table, parent, list));
            if (!list.hasMore()) {
                return new Rows(changes, statuses, null, bytes, requests);
            }
            at = list.data().getLast().id();
            if (bytes >= maxBytes) {
                return new Rows(changes, statuses, at, bytes, requests);
            }
        }
    }

    /** By the path it is not found, by a parameter it is a bad one. */
    private static boolean parentGone(Reply reply, StripeTable table, String parent) {
        int status = reply.answer().status();
        return (status == 404 || status == 400)
                && reply.saysGone(StripeTables.get(table.parentTable().orElseThrow()), parent);
    }

    /** Rows that stand for themselves are not gone with what they are listed by. */
    private static List<Change> withoutParent(StripeTable table, String parent, List<Change> read) {
        return table.isChild() ? changes(table, parent, List.of(), true) : read;
    }

    private static StripeObject.Wanted wanted(StripeTable table) {
        return table.isChild() ? StripeObject.Wanted.rowOf(table) : StripeObject.Wanted.USUAL;
    }

    private static List<Change> checked(Reply reply, StripeTable table, String parent, StripeList<StripeObject> list) {
        try {
            return changes(table, parent, list.data(), !list.hasMore());
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
        for (StripeObject row : rows) {
            upserts.add(upsert(table, parent, row));
        }
        return table.isChild()
                ? List.of(new Change.ChildSet(table.name(), RowKey.of(parent), complete, upserts))
                : List.copyOf(upserts);
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
