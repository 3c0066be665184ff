package io.sequin.testkit.stripe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The objects of one type, oldest first. Eight bytes an object until it changes, and eight more where it is somebody's child: its
 * first state is computed from seed and index. Not safe for threads; {@link StripeData} locks.
 */
final class ObjectTable implements Timeline {
    private static final int NONE = -1;
    private static final Set<String> SHORT_IDS = Set.of("customer", "product");

    private final StripeObjectType type;
    /** One for each schema of the elements, which take turns. */
    private final List<IdCodec> ids;

    private final BitSet deleted = new BitSet();
    private final Map<Integer, Body> edited = new HashMap<>();
    /** Ids that clients chose, with the newest object of that id, and back. */
    private final Map<String, Integer> indexOfName = new HashMap<>();

    private final Map<Integer, String> nameOfIndex = new HashMap<>();
    private long[] created = new long[64];
    private int[] parent = new int[0];
    private int[] olderSibling = new int[0];
    /** By the parent's index, one more than the index of its newest child; 0: none. */
    private int[] newestChild = new int[0];

    private int size;
    private int seeded;

    ObjectTable(StripeObjectType type, long key) {
        this.type = type;
        this.ids = type.variants().stream()
                .map(v -> new IdCodec(v.idPrefix(), SHORT_IDS.contains(v.schema()) ? 14 : 24, key))
                .toList();
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

    /** As {@link #append}, as the newest child of an object of the parent's table. */
    int appendChild(long createdSeconds, int parentIndex) {
        int index = append(createdSeconds);
        if (index >= parent.length) {
            parent = Arrays.copyOf(parent, Math.max(64, index * 2));
            olderSibling = Arrays.copyOf(olderSibling, parent.length);
        }
        parent[index] = parentIndex;
        if (parentIndex >= newestChild.length) {
            newestChild = Arrays.copyOf(newestChild, Math.max(64, parentIndex * 2));
        }
        olderSibling[index] = newestChild[parentIndex] - 1;
        newestChild[parentIndex] = index + 1;
        return index;
    }

    /** The index of the object in the parent's table; -1 where the type has no parent. */
    int parentOf(int index) {
        return type.parent().isPresent() ? parent[index] : NONE;
    }

    /** The live children of an object of the parent's table, oldest first. */
    List<Integer> childrenOf(int parentIndex) {
        List<Integer> found = new ArrayList<>();
        int newest = parentIndex < newestChild.length ? newestChild[parentIndex] - 1 : NONE;
        for (int i = newest; i != NONE; i = olderSibling[i]) {
            if (isLive(i)) {
                found.add(i);
            }
        }
        return found.reversed();
    }

    /** Says that what is there now was there from the start. */
    void endOfSeed() {
        seeded = size;
    }

    /** How many were there from the start. */
    int seeded() {
        return seeded;
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
        return name != null ? name : ids.get(index % ids.size()).encode(index);
    }

    /** The index of a live or deleted object, or -1. */
    int indexOf(String id) {
        Integer named = indexOfName.get(id);
        if (named != null) {
            return named;
        }
        for (int variant = 0; variant < ids.size(); variant++) {
            int index = ids.get(variant).decode(id);
            if (index >= 0 && index < size && index % ids.size() == variant && !nameOfIndex.containsKey(index)) {
                return index;
            }
        }
        return NONE;
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
