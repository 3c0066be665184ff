package io.sequin.testkit.stripe;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Stripe's cursor paging over a {@link Timeline}: newest first. Stripe documents the order by {@code created} only; objects of the
 * same second come newest arrival first here, which is stable while others are added.
 */
final class Pager {
    private Pager() {}

    /** Indexes from newest to oldest, and whether there are more in the direction of reading. */
    record Window(List<Integer> indexes, boolean hasMore) {}

    /**
     * The seconds between which entries are wanted, both inclusive.
     *
     * @param from no entry before this one
     * @param to no entry after this one
     */
    record Range(long from, long to) {
        static final Range ALL = new Range(0, Long.MAX_VALUE - 1);

        Range notBefore(long second) {
            return new Range(Math.max(from, second), to);
        }

        boolean contains(long second) {
            return from <= second && second <= to;
        }
    }

    /**
     * Where to read on; at most one of the two is present.
     *
     * @param startingAfter index of the last entry of the page before
     * @param endingBefore index of the first entry of the page after
     */
    record Cursor(OptionalInt startingAfter, OptionalInt endingBefore) {}

    static Window page(Timeline entries, Range range, Cursor cursor, int limit, IntPredicate wanted) {
        int low = entries.countBefore(range.from());
        int high = entries.countBefore(range.to() + 1);
        List<Integer> found = new ArrayList<>();
        if (cursor.endingBefore().isPresent()) {
            low = Math.max(low, cursor.endingBefore().getAsInt() + 1);
            for (int i = low; i < high && found.size() <= limit; i++) {
                if (wanted.test(i)) {
                    found.add(i);
                }
            }
            return new Window(trim(found, limit).reversed(), found.size() > limit);
        }
        if (cursor.startingAfter().isPresent()) {
            high = Math.min(high, cursor.startingAfter().getAsInt());
        }
        for (int i = high - 1; i >= low && found.size() <= limit; i--) {
            if (wanted.test(i)) {
                found.add(i);
            }
        }
        return new Window(trim(found, limit), found.size() > limit);
    }

    private static List<Integer> trim(List<Integer> found, int limit) {
        return found.subList(0, Math.min(limit, found.size()));
    }
}
