package io.sequin.postgres.load.json;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The members of one object while it is printed, and their order in {@code jsonb}. Objects of one column mostly have the
 * same names in the same order: those of the object before are remembered, with the order that they are printed in, and a
 * comparison of bytes takes the place of finding where each ends and of sorting. Used again; one thread.
 */
final class JsonbMembers {
    private static final int USUAL = 32;

    /** An object of more members isn't printed. */
    private static final int MOST = 4_096;

    /** More bytes of names are not remembered. */
    private static final int MOST_KNOWN = 8 * 1_024;

    /** What a name has before and behind it in {@link #names}. */
    private static final int AROUND = 2;

    private final Comparator<Integer> byName = this::compare;
    private int start;
    private int count;

    /** Where names and values are: in the JSON; or, where that had to be written anew, the complement of it in what is printed. */
    private int[] nameStarts = new int[USUAL];

    private int[] nameEnds = new int[USUAL];
    private int[] valueStarts = new int[USUAL];
    private int[] valueEnds = new int[USUAL];

    /** Each as it is printed, with a comma before it and a colon behind it, in the order in which they came. */
    private Bytes names = new Bytes(256);

    /** Where each begins in there, and the last ends. */
    private int[] places = new int[USUAL + 1];

    private int known;
    /** Whether all names so far are the known ones. */
    private boolean same;

    private int[] order = {};
    private int ordered;

    /** An object has begun, which is to stand behind what is printed already. */
    void begin(Bytes out) {
        start = out.size();
        count = 0;
        same = true;
    }

    /** Whether there are as many as are kept. */
    boolean isFull() {
        return count == MOST;
    }

    /** Notes the name that begins here where it is that of the object before; returns the index behind it, else 0. */
    int takeKnown(byte[] json, int from, int end) {
        if (!same || count == known) {
            same = false;
            return 0;
        }
        int nameStart = places[count] + AROUND;
        int length = places[count + 1] - AROUND - nameStart;
        same = from + length <= end && ByteScan.same(names.data(), nameStart, json, from, length);
        if (!same) {
            return 0;
        }
        name(from, from + length);
        return from + length;
    }

    /** A name, in its quotes. */
    void name(int from, int to) {
        if (count == nameStarts.length) {
            nameStarts = Arrays.copyOf(nameStarts, 2 * count);
            nameEnds = Arrays.copyOf(nameEnds, 2 * count);
            valueStarts = Arrays.copyOf(valueStarts, 2 * count);
            valueEnds = Arrays.copyOf(valueEnds, 2 * count);
            places = Arrays.copyOf(places, 2 * count + 1);
        }
        nameStarts[count] = from;
        nameEnds[count] = to;
    }

    /** Its value. */
    void value(int from, int to) {
        valueStarts[count] = from;
        valueEnds[count++] = to;
    }

    /** Prints the object in place of those of its parts that were printed before. */
    void print(byte[] json, Bytes out) {
        if (count == 0) {
            out.put('{', '}');
            return;
        }
        if (!same || count != known) {
            learn(json, out);
        }
        int from = out.size();
        out.put('{');
        for (int i = 0; i < ordered; i++) {
            int member = order[i];
            int comma = i == 0 ? AROUND : 0;
            int place = places[member];
            out.put(names.data(), place + comma, places[member + 1] - place - comma);
            put(valueStarts[member], valueEnds[member], json, out, out);
        }
        out.put('}');
        out.remove(start, from);
        if (names.size() > MOST_KNOWN) {
            names = new Bytes(0);
            known = 0;
        }
    }

    private static void put(int from, int to, byte[] json, Bytes out, Bytes target) {
        int at = from < 0 ? ~from : from;
        target.put(from < 0 ? out.data() : json, at, to - at);
    }

    private void learn(byte[] json, Bytes out) {
        names.clear();
        for (int i = 0; i < count; i++) {
            places[i] = names.size();
            names.put(',', ' ');
            put(nameStarts[i], nameEnds[i], json, out, names);
            names.put(':', ' ');
        }
        places[count] = names.size();
        known = count;
        if (!isOrder()) {
            findOrder();
        }
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
            // the sort keeps equal names in the order in which they came: of these the last stays
            if (i + 1 == count || compare(all[i], all[i + 1]) != 0) {
                order[ordered++] = all[i];
            }
        }
    }

    /** By length, then by bytes. Names are in quotes and have no escapes. */
    private int compare(int left, int right) {
        int lengths = Integer.compare(places[left + 1] - places[left], places[right + 1] - places[right]);
        return lengths != 0
                ? lengths
                : Arrays.compareUnsigned(
                        names.data(), places[left], places[left + 1], names.data(), places[right], places[right + 1]);
    }
}
