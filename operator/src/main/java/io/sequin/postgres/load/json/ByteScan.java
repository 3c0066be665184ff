package io.sequin.postgres.load.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes that end a run of ordinary ones, eight at a time: most of JSON is such runs. */
public final class ByteScan {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private ByteScan() {}

    /** Index of the next quote or backslash; {@code end} where there is none. */
    public static int quoteOrBackslash(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long some = (long) EIGHT.get(bytes, at);
            long found = zeros(some ^ QUOTES) | zeros(some ^ BACKSLASHES);
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Index of the next byte that is a backslash or not ASCII; {@code end} where there is none. */
    static int backslashOrNotAscii(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long some = (long) EIGHT.get(bytes, at);
            long found = (some & HIGHS) | zeros(some ^ BACKSLASHES);
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] >= 0 && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Index of the next byte that isn't space, as JSON has it; {@code end}, or where it began behind that. */
    public static int notSpace(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] <= ' ' && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t';
    }

    /** Whether so many bytes of two arrays are the same; both have them. */
    static boolean same(byte[] left, int from, byte[] right, int other, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if ((long) EIGHT.get(left, from + i) != (long) EIGHT.get(right, other + i)) {
                return false;
            }
        }
        if (i < length && from + i + Long.BYTES <= left.length && other + i + Long.BYTES <= right.length) {
            long different = (long) EIGHT.get(left, from + i) ^ (long) EIGHT.get(right, other + i);
            return different << (Long.SIZE - (length - i) * Byte.SIZE) == 0;
        }
        while (i < length && left[from + i] == right[other + i]) {
            i++;
        }
        return i == length;
    }

    /** Bytes that are zero have their highest bit set, the first of them for certain and none before it. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGHS;
    }

    private static int first(long found) {
        return Long.numberOfTrailingZeros(found) >> 3;
    }
}
