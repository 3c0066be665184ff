package io.sequin.testkit.stripe;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of one type, oldest first. Eight bytes an object until it changes: its first state is computed from seed and index.
 * Not safe for threads; {@link StripeData} locks.
 */
final class ObjectTable implements Timeline {
    private final StripeObjectType type;
    private final IdCodec ids;
    private final BitSet deleted = new BitSet();
    private final Map<Integer, Body> edited = new HashMap<>();
    /** Ids that clients chose, with the newest object of that id, and back. */
    private final Map<String, Integer> indexOfName = new HashMap<>();

    private final Map<Integer, String> nameOfIndex = new HashMap<>();
    private long[] created = new long[64];
    private int size;

    ObjectTable(StripeObjectType type, long key) {
        this.type = type;
        this.ids = new IdCodec(type.idPrefix(), type.idLength(), key);
    }

    StripeObjectType type() {
        return type;
    }

    /** Adds an object, at or after the newest one, and gives its index. */
    int append(long createdSeconds) {
        if (size > 0 && created[size - 1] > createdSeconds) {
            throw new IllegalArgumentException("objects are added in order of time");
        }
        if (size == created.length) {
            created = Arrays.copyOf(created, size * 2);
        }
        created[size] = createdSeconds;
        return size++;
    }

    /** As {@link #append}, under an id that the client chose. */
    int append(long createdSeconds, String id) {
        int index = append(createdSeconds);
        indexOfName.put(id, index);
        nameOfIndex.put(index, id);
        return index;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long createdAt(int index) {
        return created[index];
    }

    boolean isLive(int index) {
        return !deleted.get(index);
    }

    int live() {
        return size - deleted.cardinality();
    }

    String id(int index) {
        String name = nameOfIndex.get(index);
        return name != null ? name : ids.encode(index);
    }

    /** The index of a live or deleted object, or -1. */
    int indexOf(String id) {
        Integer named = indexOfName.get(id);
        if (named != null) {
            return named;
        }
        int index = ids.decode(id);
        return index >= 0 && index < size && !nameOfIndex.containsKey(index) ? index : -1;
    }

    /** The body where it was ever changed; empty: still as generated. */
    Optional<Body> editedBody(int index) {
        return Optional.ofNullable(edited.get(index));
    }

    void edit(int index, Body body) {
        edited.put(index, body);
    }

    void delete(int index) {
        deleted.set(index);
        edited.remove(index);
    }
}
