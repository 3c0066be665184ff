package io.sequin.postgres.load.row;

import java.util.Arrays;

/**
 * The values of one row. BOOLEAN (0 or 1), BIGINT, DATE (days) and TIMESTAMPTZ (microseconds, both since 2000) are
 * numbers; TEXT, NUMERIC and JSONB are slices of UTF-8.
 */
public final class RowValues {
    private static final byte[] NOTHING = {};

    private final boolean[] present;
    private final long[] numbers;
    private final byte[][] slices;
    private final int[] offsets;
    private final int[] lengths;

    /** Of so many columns; all null. */
    public RowValues(int columns) {
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

    /** A value that is a number: an integer, a boolean, a time. */
    public void set(int column, long number) {
        present[column] = true;
        numbers[column] = number;
    }

    /** A value that is text in UTF-8, which is not copied. */
    public void set(int column, byte[] source, int offset, int length) {
        present[column] = true;
        slices[column] = source;
        offsets[column] = offset;
        lengths[column] = length;
    }

    /** The same with the whole of an array. */
    public void set(int column, byte[] text) {
        set(column, text, 0, text.length);
    }

    /** Whether it has no value. */
    public boolean isNull(int column) {
        return !present[column];
    }

    /** Its value, where that is a number. */
    public long number(int column) {
        return numbers[column];
    }

    /** The array that holds its text. */
    public byte[] bytes(int column) {
        return slices[column];
    }

    /** Where its text begins in that array. */
    public int offset(int column) {
        return offsets[column];
    }

    /** How many bytes its text has. */
    public int length(int column) {
        return lengths[column];
    }
}
