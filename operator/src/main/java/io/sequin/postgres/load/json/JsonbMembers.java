package io.sequin.postgres.load.json;

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
    private int[] order = {};
    private int ordered;

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
        if (!isOrder()) {
            findOrder();
        }
        scratch.clear();
        for (int i = 0; i < ordered; i++) {
            if (i > 0) {
                scratch.put(',', ' ');
            }
            int member = order[i];
            scratch.put(out.data(), names[member], ends[member] - names[member]);
        }
        out.cut(first);
        out.put(scratch.data(), 0, scratch.size());
    }

    /** Whether the order of the last object is that of this one too. */
    private boolean isOrder() {
        if (ordered != count || order.length != count) {
            return false;
        }
        for (int i = 1; i < count; i++) {
            if (compare(order[i - 1], order[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    private void findOrder() {
        Integer[] all = new Integer[count];
        Arrays.setAll(all, i -> i);
        Arrays.sort(all, byName);
        order = new int[count];
        ordered = 0;
        for (int i = 0; i < count; i++) {
            // the sort keeps equal names in the order in which they came
            if (i + 1 == count || compare(all[i], all[i + 1]) != 0) {
                order[ordered++] = all[i];
            }
        }
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
