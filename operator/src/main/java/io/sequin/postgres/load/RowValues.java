package io.sequin.postgres.load;

import java.util.Arrays;

/**
 * The values of one row. BOOLEAN (0 or 1), BIGINT, DATE (days) and TIMESTAMPTZ (microseconds, both since 2000) are
 * numbers; TEXT, NUMERIC and JSONB are slices of UTF-8.
 */
final class RowValues {
    private static final byte[] NOTHING = {};

    private final boolean[] present;
    private final long[] numbers;
    private final byte[][] slices;
    private final int[] offsets;
    private final int[] lengths;

    RowValues(int columns) {
        present = new boolean[columns];
        numbers = new long[columns];
        slices = new byte[columns][];
        Arrays.fill(slices, NOTHING);
        offsets = new int[columns];
        lengths = new int[columns];
    }

    /** Forgets all values, and the arrays they were cut from. */
    void clear() {
        Arrays.fill(present, false);
        Arrays.fill(slices, NOTHING);
    }

    void setNull(int column) {
        present[column] = false;
    }

    void set(int column, long number) {
        present[column] = true;
        numbers[column] = number;
    }

    void set(int column, byte[] source, int offset, int length) {
        present[column] = true;
        slices[column] = source;
        offsets[column] = offset;
        lengths[column] = length;
    }

    void set(int column, byte[] text) {
        set(column, text, 0, text.length);
    }

    boolean isNull(int column) {
        return !present[column];
    }

    long number(int column) {
        return numbers[column];
    }

    byte[] bytes(int column) {
        return slices[column];
    }

    int offset(int column) {
        return offsets[column];
    }

    int length(int column) {
        return lengths[column];
    }
}
