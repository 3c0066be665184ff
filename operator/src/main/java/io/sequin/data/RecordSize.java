package io.sequin.data;

/** How large a record may be, in bytes of JSON. */
public final class RecordSize {
    /** A larger one is large: what makes others quick, at the price of a copy, is not done with it. */
    public static final int LARGE = 1 << 20;

    /** No record of a source comes near, however much memory there is. */
    private static final int CEILING = 64 << 20;

    private static final int SHARE = 5;

    /**
     * The most that this process reads and writes: a fifth of its heap. A record is held up to three times at once (as it
     * came, its overflow or its unescaped text, and as a bound array), beside all that is no record.
     */
    public static final int MOST = of(Runtime.getRuntime().maxMemory());

    private RecordSize() {}

    /** Of a heap of so many bytes. */
    static int of(long heap) {
        return (int) Math.min(CEILING, heap / SHARE);
    }

    /** A number of bytes for people: {@code 21.2 MiB}. */
    public static String inWords(long bytes) {
        long tenths = (bytes * 10) >> 20;
        return tenths / 10 + "." + tenths % 10 + " MiB";
    }
}
