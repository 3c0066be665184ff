package io.sequin.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as it came over the wire: a slice of UTF-8 bytes, shared with the page it was cut from, never
 * modified. Equal when the bytes are. Whoever cuts it has parsed it to its end; who writes it does not do so again.
 */
public final class Json {
    private final byte[] bytes;
    private final int offset;
    private final int length;

    /** A slice; the array is not copied and must not change. */
    public Json(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    public static Json of(byte[] bytes) {
        return new Json(bytes, 0, bytes.length);
    }

    public static Json of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The array the slice is cut from: read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the slice begins in {@link #bytes()}. */
    public int offset() {
        return offset;
    }

    /** Length of the slice in bytes. */
    public int length() {
        return length;
    }

    /** The text; for messages and tests, not for the hot path. */
    public String text() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json that
                && Arrays.equals(bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "Json[" + length + " bytes]";
    }
}
