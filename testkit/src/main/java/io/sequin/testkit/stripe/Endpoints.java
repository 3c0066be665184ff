package io.sequin.testkit.stripe;

import io.sequin.testkit.stripe.Pager.Cursor;
import io.sequin.testkit.stripe.Pager.Range;
import io.sequin.testkit.stripe.Pager.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;

/** What each list and each object answers, for a key that may ask. */
final class Endpoints {
    private final StripeData data;
    private final StripeData otherMode;

    /** With the data that the key reads, and those of the same account in the other mode. */
    Endpoints(StripeData data, StripeData otherMode) {
        this.data = data;
        this.otherMode = otherMode;
    }

    /** The objects of a type without a parent. */
    Body list(StripeObjectType type, StripeQuery query) {
        query.allowOfList(type.parameters().values());
        ObjectFilter filter = ObjectFilter.of(type, query);
        return data.readObjects(
                (objects, events) -> page(type, objects, objects.table(type), type.path(), query, filter));
    }

    /** The children of one parent, whose id is in the path or in the parameter that the list requires. */
    Body children(StripeObjectType type, Optional<String> idInPath, StripeQuery query) {
        query.allowOfList(type.parameters().values());
        StripeObjectType.Parent parent = type.parent().orElseThrow();
        String id = idInPath.or(() -> query.one(parent.param())).orElseThrow();
        ObjectFilter filter = ObjectFilter.of(type, query);
        return data.readObjects((objects, events) -> {
            int parentIndex = existing(objects, parent.type(), id, parent.inPath() ? 404 : 400, parent.param());
            ObjectTable table = objects.table(type);
            ChildTimeline children = new ChildTimeline(table, table.childrenOf(parentIndex));
            String url = parent.inPath() ? StoredObjects.urlOf(type, id) : type.path();
            return page(type, objects, children, url, query, filter);
        });
    }

    /** The objects of a list without parents that belong to one object. */
    Body view(StripeCatalog.View view, String id, StripeQuery query) {
        query.allowOfList(StripeOpenApi.load().parameters(view.path()));
        ObjectFilter filter = ObjectFilter.of(view.shown(), query.with(view.field(), id));
        return data.readObjects((objects, events) -> {
            existing(objects, view.parent(), id, 404, view.field());
            String url = view.path().replaceFirst("\\{.*}", id);
            return page(view.shown(), objects, objects.table(view.shown()), url, query, filter);
        });
    }

    private Body page(
            StripeObjectType type,
            StoredObjects objects,
            Timeline entries,
            String url,
            StripeQuery query,
            ObjectFilter filter) {
        ObjectTable table = objects.table(type);
        boolean all = entries == table;
        Cursor cursor = Cursors.of(query, type.wireName(), id -> {
            int index = table.indexOf(id);
            if (index < 0 || !table.isLive(index)) {
                return -1;
            }
            return all ? index : ((ChildTimeline) entries).indexes().indexOf(index);
        });
        Window window = Pager.page(
                entries,
                type.parameters().containsKey("created") ? query.range("created") : Range.ALL,
                cursor,
                type.paged() ? query.limit() : Integer.MAX_VALUE - 1,
                i -> accepts(type, objects, indexOf(entries, i), filter));
        List<Body> bodies = new ArrayList<>(window.indexes().size());
        window.indexes().forEach(i -> bodies.add(objects.body(type, indexOf(entries, i))));
        return PageBody.of(url, bodies, window.hasMore());
    }

    private static int indexOf(Timeline entries, int place) {
        return entries instanceof ChildTimeline children ? children.indexes().get(place) : place;
    }

    private static boolean accepts(StripeObjectType type, StoredObjects objects, int index, ObjectFilter filter) {
        ObjectTable table = objects.table(type);
        boolean changed = table.editedBody(index).isPresent();
        return table.isLive(index)
                && (filter.isEmpty(changed) || filter.accepts(JsonBytes.parse(objects.body(type, index))));
    }

    /** One object; {@code parentId} where the path names the parent too. A deleted one is shown or missing, as the document says. */
    Body retrieve(StripeObjectType type, Optional<String> parentId, String id, StripeQuery query) {
        query.allow(Set.of());
        return data.readObjects((objects, events) -> {
            ObjectTable table = objects.table(type);
            int index = table.indexOf(id);
            if (parentId.isPresent()) {
                StripeObjectType.Parent parent = type.parent().orElseThrow();
                int parentIndex = existing(objects, parent.type(), parentId.get(), 404, parent.param());
                index = index >= 0 && table.parentOf(index) == parentIndex ? index : -1;
            }
            if (index >= 0 && table.isLive(index)) {
                return objects.body(type, index);
            }
            if (index >= 0 && type.shownWhenDeleted()) {
                return JsonBytes.of(JsonBytes.object()
                        .put("id", id)
                        .put("object", type.wireName())
                        .put("deleted", true));
            }
            throw StripeError.missing(404, type.wireName(), id, hint(type, id), "id")
                    .asAnswer();
        });
    }

    private static int existing(StoredObjects objects, StripeObjectType type, String id, int status, String param) {
        int index = objects.table(type).indexOf(id);
        if (index < 0 || !objects.table(type).isLive(index)) {
            throw StripeError.missing(status, type.wireName(), id, "", param).asAnswer();
        }
        return index;
    }

    private String hint(StripeObjectType type, String id) {
        if (otherMode.find(type, id).isEmpty()) {
            return "";
        }
        return data.livemode()
                ? "; a similar object exists in test mode, but a live mode key was used to make this request."
                : "; a similar object exists in live mode, but a test mode key was used to make this request.";
    }

    /** Where a request reads on. */
    static final class Cursors {
        private Cursors() {}

        /** A cursor must name an object that is still listed; a deleted one is as unknown as any other id. */
        static Cursor of(StripeQuery query, String objectName, ToIntFunction<String> indexOf) {
            if (query.one("starting_after").isPresent()
                    && query.one("ending_before").isPresent()) {
                throw StripeError.badRequest(
                                "You may only specify one of these parameters: ending_before, starting_after.")
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
    }
}
