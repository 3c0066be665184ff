package io.sequin.testkit.stripe;

/**
 * Turns an index into an id that looks random, and back, so that a million ids need no memory.
 *
 * <p>The index goes through a bijection of 64 bits (odd multiplications and shifts, each of which can be undone) and is written in
 * base 62; the id is filled up to its length with a checksum.
 */
final class IdCodec {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int CORE = 11;
    private static final long MULTIPLIER = 0xBF58476D1CE4E5B9L;
    private static final long INVERSE = inverse(MULTIPLIER);

    private final String prefix;
    private final int length;
    private final long key;

    /** Ids of {@code prefix} plus {@code length} characters, at least 11; another key gives other ids. */
    IdCodec(String prefix, int length, long key) {
        this.prefix = prefix;
        this.length = length;
        // spread, so that neighbouring keys share no ids
        long spread = key * MULTIPLIER;
        this.key = (spread ^ (spread >>> 32)) * MULTIPLIER;
    }

    String encode(int index) {
        long mixed = mix(index);
        char[] out = new char[length];
        long rest = mixed;
        for (int i = CORE - 1; i >= 0; i--) {
            out[i] = DIGITS.charAt((int) Long.remainderUnsigned(rest, 62));
            rest = Long.divideUnsigned(rest, 62);
        }
        long check = (mixed ^ (mixed >>> 29)) * MULTIPLIER;
        for (int i = CORE; i < length; i++) {
            out[i] = DIGITS.charAt((int) Long.remainderUnsigned(check, 62));
            check = check * MULTIPLIER + i;
        }
        return prefix + new String(out);
    }

    /** The index of an id that {@link #encode} made, or -1. */
    int decode(String id) {
        if (id.length() != prefix.length() + length || !id.startsWith(prefix)) {
            return -1;
        }
        long mixed = 0;
        for (int i = 0; i < CORE; i++) {
            int digit = DIGITS.indexOf(id.charAt(prefix.length() + i));
            if (digit < 0) {
                return -1;
            }
            mixed = mixed * 62 + digit;
        }
        long index = unmix(mixed);
        return index >= 0 && index <= Integer.MAX_VALUE && encode((int) index).equals(id) ? (int) index : -1;
    }

    private long mix(long index) {
        long x = (index ^ key) * MULTIPLIER;
        x ^= x >>> 32;
        return x * MULTIPLIER;
    }

    private long unmix(long mixed) {
        long x = mixed * INVERSE;
        x ^= x >>> 32;
        return (x * INVERSE) ^ key;
    }

    /** Newton's iteration: each round doubles the number of right bits. */
    private static long inverse(long odd) {
        long x = odd;
        for (int i = 0; i < 6; i++) {
            x *= 2 - odd * x;
        }
        return x;
    }
}
