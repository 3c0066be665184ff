package io.sequin.postgres.load;

import java.util.Arrays;
import java.util.Comparator;

/** The members of one object while it is printed, and their order in {@code jsonb}. Used again; one thread. */
final class JsonbMembers {
    private static final int USUAL = 32;

    private final Comparator<Integer> byName = this::compare;
    private Bytes out = new Bytes(0);
    private int first;
    private int count;
    private boolean sorted;
    private int[] names = new int[USUAL];
    private int[] nameEnds = new int[USUAL];
    private int[] ends = new int[USUAL];

    /** An object has begun, behind what is printed already. */
    void begin(Bytes printed) {
        out = printed;
        first = printed.size();
        count = 0;
        sorted = true;
    }

    /** A name follows. */
    void name() {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
            nameEnds = Arrays.copyOf(nameEnds, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        names[count] = out.size();
    }

    /** It is printed. */
    void named() {
        nameEnds[count] = out.size();
        sorted = sorted && (count == 0 || compare(count - 1, count) < 0);
    }

    /** And so is its value. */
    void end() {
        ends[count++] = out.size();
    }

    /** Brings the printed members into order; of those with the same name the last stays. */
    void sort(Bytes scratch) {
        if (sorted) {
            return;
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, byName);
        scratch.clear();
        for (int i = 0; i < count; i++) {
            // the sort keeps equal names in the order in which they came
            if (i + 1 == count || compare(order[i], order[i + 1]) != 0) {
                if (scratch.size() > 0) {
                    scratch.put(',');
                    scratch.put(' ');
                }
                int member = order[i];
                scratch.put(out.data(), names[member], ends[member] - names[member]);
            }
        }
        out.cut(first);
        out.put(scratch.data(), 0, scratch.size());
    }

    /** By length, then by bytes. Names are in quotes and have no escapes. */
    private int compare(int left, int right) {
        int lengths = Integer.compare(nameEnds[left] - names[left], nameEnds[right] - names[right]);
        return lengths != 0
                ? lengths
                : Arrays.compareUnsigned(
                        out.data(), names[left], nameEnds[left], out.data(), names[right], nameEnds[right]);
    }
}
