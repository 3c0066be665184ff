package io.sequin.testkit.stripe;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The three tables of one data set and the rendering of their objects. Not safe for threads; {@link StripeData} locks. */
final class StoredObjects {
    private final Map<StripeObjectType, ObjectTable> tables = new EnumMap<>(StripeObjectType.class);
    private final Map<StripeObjectType, Shape> shapes = new EnumMap<>(StripeObjectType.class);
    private final long seed;
    private final boolean livemode;

    StoredObjects(long seed, long key, boolean livemode) {
        this.seed = seed;
        this.livemode = livemode;
        for (StripeObjectType type : StripeObjectType.values()) {
            tables.put(
                    type,
                    new ObjectTable(
                            type,
                            key * 31
                                    + seed * 0x9E3779B97F4A7C15L
                                    + type.wireName().hashCode()));
            shapes.put(type, Shape.of(type));
        }
    }

    ObjectTable table(StripeObjectType type) {
        return present(tables.get(type));
    }

    boolean isEmpty() {
        return tables.values().stream().allMatch(t -> t.size() == 0);
    }

    /** The object as it is now; also for a deleted one, which nobody should see. */
    Body body(StripeObjectType type, int index) {
        return table(type).editedBody(index).orElseGet(() -> generated(type, index));
    }

    /** The object as it was when created. */
    Body generated(StripeObjectType type, int index) {
        ObjectTable table = table(type);
        long created = table.createdAt(index);
        Shape.Origin origin = new Shape.Origin(
                index,
                table.id(index),
                created,
                livemode,
                type == StripeObjectType.CHARGE ? customer(created, index) : null);
        return JsonBytes.write(out -> present(shapes.get(type)).write(out, origin, new Draw(seed, type, index)));
    }

    /** Only customers from an earlier second are candidates: that set never grows, so a charge always shows the same one. */
    private @Nullable String customer(long created, int index) {
        ObjectTable customers = table(StripeObjectType.CUSTOMER);
        int candidates = customers.countBefore(created);
        return candidates == 0
                ? null
                : customers.id((int) Long.remainderUnsigned(((seed ^ index) * 0x94D049BB133111EBL) >>> 16, candidates));
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("every type has a table and a shape");
        }
        return value;
    }
}
