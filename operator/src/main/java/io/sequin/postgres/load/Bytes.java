package io.sequin.postgres.load;

import java.util.Arrays;

/** A growing array of bytes, used again and again. Numbers go big-endian. */
final class Bytes {
    private byte[] data;
    private int size;

    Bytes(int capacity) {
        data = new byte[capacity];
    }

    byte[] data() {
        return data;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Forgets what was put behind the first {@code length} bytes. */
    void cut(int length) {
        size = length;
    }

    void put(int value) {
        room(1);
        data[size++] = (byte) value;
    }

    void put(int first, int second) {
        room(2);
        data[size++] = (byte) first;
        data[size++] = (byte) second;
    }

    void put(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, data, size, length);
        size += length;
    }

    void put(byte[] from) {
        put(from, 0, from.length);
    }

    void putShort(int value) {
        put(value >> 8);
        put(value);
    }

    void putInt(int value) {
        putShort(value >> 16);
        putShort(value);
    }

    void putLong(long value) {
        putInt((int) (value >> 32));
        putInt((int) value);
    }

    private void room(int more) {
        if (data.length - size < more) {
            data = Arrays.copyOf(data, Math.max(Math.addExact(size, more), data.length + (data.length >> 1)));
        }
    }
}
