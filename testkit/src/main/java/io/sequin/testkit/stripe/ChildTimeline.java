package io.sequin.testkit.stripe;

import java.util.List;

/**
 * Some entries of a table, oldest first.
 *
 * @param indexes of the entries in the table
 */
record ChildTimeline(ObjectTable table, List<Integer> indexes) implements Timeline {
    @Override
    public int size() {
        return indexes.size();
    }

    @Override
    public long createdAt(int index) {
        return table.createdAt(indexes.get(index));
    }
}
