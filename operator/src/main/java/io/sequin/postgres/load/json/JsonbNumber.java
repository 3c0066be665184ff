package io.sequin.postgres.load.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Numbers as {@code numeric} prints them: without exponent, and zero without a sign. */
final class JsonbNumber {
    /** A longer one that would have to be written anew goes as it is. */
    private static final int MOST_ANEW = 64;

    private static final int MAX_EXPONENT_DIGITS = 3;

    /** What holds a longer one is not printed: whether {@code numeric} takes it, {@link ValueEnd} tells. */
    private static final int MOST = 1_000;

    private JsonbNumber() {}

    /** The index behind the number that begins here, where it is printed as it stands; else 0. */
    static int plainEnd(byte[] json, int from, int end) {
        int to = from;
        while (to < end && isPlain(json[to])) {
            to++;
        }
        boolean hasExponent = to < end && (json[to] | ' ') == 'e';
        boolean isNegativeZero = to - from > 1 && json[from] == '-' && json[from + 1] == '0';
        return to == from || to - from > MOST || hasExponent || isNegativeZero ? 0 : to;
    }

    private static boolean isPlain(byte next) {
        return (next >= '0' && next <= '9') || next == '-' || next == '.';
    }

    /** Prints one; false where it is none, or too long. */
    static boolean print(byte[] json, int from, int to, Bytes out) {
        int length = to - from;
        if (length > MOST) {
            return false;
        }
        if (length > MOST_ANEW || hasHugeExponent(json, from, to)) {
            out.put(json, from, length);
            return true;
        }
        try {
            String text = new String(json, from, length, StandardCharsets.US_ASCII);
            out.put(new BigDecimal(text).toPlainString().getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (NumberFormatException broken) {
            return false;
        }
    }

    private static boolean hasHugeExponent(byte[] json, int from, int to) {
        int at = from;
        while (at < to && (json[at] | ' ') != 'e') {
            at++;
        }
        return to - at - 2 > MAX_EXPONENT_DIGITS;
    }
}
