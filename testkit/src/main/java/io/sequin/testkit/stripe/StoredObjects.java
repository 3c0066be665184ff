package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one data set, made when first asked for, and the rendering of their objects. Not safe for threads;
 * {@link StripeData} locks.
 */
final class StoredObjects {
    /** How many children an object shows before they have to be listed. */
    static final int EMBEDDED = 10;
    /** Objects in objects in objects are made up instead of looked up. */
    private static final int NESTED = 1;

    private final Map<StripeObjectType, ObjectTable> tables = new ConcurrentHashMap<>();
    private final Map<StripeObjectType, Shape> shapes = new ConcurrentHashMap<>();
    private final long seed;
    private final long key;
    private final boolean livemode;

    StoredObjects(long seed, long key, boolean livemode) {
        this.seed = seed;
        this.key = key;
        this.livemode = livemode;
    }

    ObjectTable table(StripeObjectType type) {
        return tables.computeIfAbsent(
                type,
                t -> new ObjectTable(
                        t, key * 31 + seed * 0x9E3779B97F4A7C15L + t.path().hashCode()));
    }

    boolean isEmpty() {
        return tables.values().stream().allMatch(t -> t.size() == 0);
    }

    /** The types of which there was ever an object, in order of their paths. */
    List<StripeObjectType> typesInUse() {
        return StripeObjectType.all().stream().filter(t -> table(t).size() > 0).toList();
    }

    /** The object as it is now; also for a deleted one, which nobody should see. */
    Body body(StripeObjectType type, int index) {
        Optional<Body> edited = table(type).editedBody(index);
        return edited.isEmpty()
                ? generated(type, index)
                : type.embeddedLists().isEmpty() ? edited.get() : withChildren(type, index, edited.get());
    }

    /** The object as it was when created, but with the children that it has now. */
    Body generated(StripeObjectType type, int index) {
        return generated(type, index, 0);
    }

    /** The children's page of an object, newest first: those of the types that list these schemas. */
    Body children(StripeObjectType type, int index, List<String> schemas) {
        Optional<StripeObjectType> child = StripeObjectType.childrenOf(type).stream()
                .filter(t -> t.variants().stream()
                        .map(StripeObjectType.Variant::schema)
                        .toList()
                        .equals(schemas))
                .findFirst();
        if (child.isEmpty()) {
            return PageBody.of(type.path(), List.of(), false);
        }
        List<Integer> all = table(child.get()).childrenOf(index).reversed();
        List<Body> first = new ArrayList<>();
        all.stream().limit(EMBEDDED).forEach(i -> first.add(body(child.get(), i)));
        return PageBody.of(urlOf(child.get(), table(type).id(index)), first, all.size() > EMBEDDED);
    }

    /** The path of the children's list, with the parent's id where it belongs. */
    static String urlOf(StripeObjectType child, String parentId) {
        StripeObjectType.Parent parent = child.parent().orElseThrow();
        return parent.inPath()
                ? child.path().replace("{" + parent.param() + "}", parentId)
                : child.path() + "?" + parent.param() + "=" + parentId;
    }

    private Body generated(StripeObjectType type, int index, int nesting) {
        ObjectTable table = table(type);
        long created = table.createdAt(index);
        int parent = table.parentOf(index);
        Shape.Origin origin = new Shape.Origin(
                index,
                table.id(index),
                created,
                livemode,
                type == StripeObjectType.CHARGE ? customer(created, index) : null,
                parent < 0 ? null : table(type.parentType().orElseThrow()).id(parent),
                new LinksOf(type, index, created, nesting));
        Shape shape = shapes.computeIfAbsent(type, t -> Shape.of(t, StripeOpenApi.load()));
        return JsonBytes.write(out -> shape.write(out, origin, new Draw(seed, type, index)));
    }

    private Body withChildren(StripeObjectType type, int index, Body body) {
        ObjectNode object = JsonBytes.parse(body);
        type.embeddedLists().forEach((name, schemas) -> {
            if (object.has(name)) {
                object.set(name, JsonBytes.parse(children(type, index, schemas)));
            }
        });
        return JsonBytes.of(object);
    }

    /** Only customers from an earlier second are candidates: that set never grows, so a charge always shows the same one. */
    private @Nullable String customer(long created, int index) {
        ObjectTable customers = table(StripeObjectType.CUSTOMER);
        int candidates = customers.countBefore(created);
        return candidates == 0
                ? null
                : customers.id((int) Long.remainderUnsigned(((seed ^ index) * 0x94D049BB133111EBL) >>> 16, candidates));
    }

    /** What one object sees. */
    private final class LinksOf implements Shape.Links {
        private final StripeObjectType type;
        private final int index;
        private final long created;
        private final int nesting;

        LinksOf(StripeObjectType type, int index, long created, int nesting) {
            this.type = type;
            this.index = index;
            this.created = created;
            this.nesting = nesting;
        }

        @Override
        public Optional<String> idOf(StripeObjectType other, long choice) {
            return choose(other, choice).map(i -> table(other).id(i));
        }

        @Override
        public Optional<Body> firstState(StripeObjectType other, long choice) {
            return nesting >= NESTED
                    ? Optional.empty()
                    : choose(other, choice).map(i -> generated(other, i, nesting + 1));
        }

        @Override
        public Body list(List<String> schemas) {
            return children(type, index, schemas);
        }

        /**
         * Only objects from an earlier second are candidates, or the seeded ones where there is none: sets that never grow, so the
         * choice stays the same.
         */
        private Optional<Integer> choose(StripeObjectType other, long choice) {
            ObjectTable table = table(other);
            int earlier = table.countBefore(created);
            int candidates = earlier > 0 ? earlier : table.seeded();
            return candidates == 0
                    ? Optional.empty()
                    : Optional.of((int) Long.remainderUnsigned(choice >>> 16, candidates));
        }
    }
}
