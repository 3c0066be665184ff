package io.sequin.postgres.load.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing array of bytes, used again and again. Numbers go big-endian. */
public final class Bytes {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] data;
    private int size;

    /** Empty; grows beyond its capacity, in bytes, when it must. */
    public Bytes(int capacity) {
        data = new byte[capacity];
    }

    /** The array itself, of which the first {@link #size} bytes count; another one after it grew. */
    public byte[] data() {
        return data;
    }

    /** Bytes that were put. */
    public int size() {
        return size;
    }

    /** Empty again, with the same array. */
    public void clear() {
        size = 0;
    }

    /** Forgets what was put behind the first {@code length} bytes. */
    void cut(int length) {
        size = length;
    }

    /** Forgets the bytes from one index to another; what is behind them moves there. */
    void remove(int from, int to) {
        if (from < to) {
            System.arraycopy(data, to, data, from, size - to);
            size -= to - from;
        }
    }

    /** One byte. */
    public void put(int value) {
        room(1);
        data[size++] = (byte) value;
    }

    /** Two bytes. */
    public void put(int first, int second) {
        room(2);
        data[size++] = (byte) first;
        data[size++] = (byte) second;
    }

    /** Some bytes of an array. */
    public void put(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, data, size, length);
        size += length;
    }

    /** All bytes of an array. */
    public void put(byte[] from) {
        put(from, 0, from.length);
    }

    /** Two bytes, the highest first. */
    public void putShort(int value) {
        room(Short.BYTES);
        SHORTS.set(data, size, (short) value);
        size += Short.BYTES;
    }

    /** Four bytes, the highest first. */
    public void putInt(int value) {
        room(Integer.BYTES);
        INTS.set(data, size, value);
        size += Integer.BYTES;
    }

    /** Eight bytes, the highest first. */
    public void putLong(long value) {
        room(Long.BYTES);
        LONGS.set(data, size, value);
        size += Long.BYTES;
    }

    /** The array, where all of it counts; else a copy of what does. */
    public byte[] exact() {
        return size == data.length ? data : Arrays.copyOf(data, size);
    }

    /** Puts four bytes in place of those that were put before. */
    public void setInt(int index, int value) {
        INTS.set(data, index, value);
    }

    /** Makes room for so many bytes, so that no array grows while they are put. */
    public void room(int more) {
        if (data.length - size < more) {
            data = Arrays.copyOf(data, Math.max(Math.addExact(size, more), data.length + (data.length >> 1)));
        }
    }
}
