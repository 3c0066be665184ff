package io.sequin.postgres.load.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Numbers as {@code numeric} prints them: without exponent, and zero without a sign. */
final class JsonbNumber {
    /** A longer one is not written anew. */
    private static final int MOST_ANEW = 64;

    private static final int MAX_EXPONENT_DIGITS = 3;

    /** What holds a longer one is not printed: whether that is too much, {@link ValueEnd} tells. */
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

    /** Prints one; false where it is none, or too long as it stands or without its exponent. */
    static boolean print(byte[] json, int from, int to, Bytes out) {
        int length = to - from;
        int mantissa = mantissaEnd(json, from, to);
        int exponent = exponentDigits(json, mantissa, to);
        if (length > MOST || !isNumber(json, from, mantissa, exponent, to)) {
            return false;
        }
        if (mantissa < to && (length > MOST_ANEW || to - exponent > MAX_EXPONENT_DIGITS)) {
            return false;
        }
        if (length > MOST_ANEW) {
            out.put(json, from, length);
            return true;
        }
        String text = new String(json, from, length, StandardCharsets.US_ASCII);
        out.put(new BigDecimal(text).toPlainString().getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    private static int mantissaEnd(byte[] json, int from, int to) {
        int at = from;
        while (at < to && (json[at] | ' ') != 'e') {
            at++;
        }
        return at;
    }

    /** Where the digits of the exponent begin, which follows the mantissa. */
    private static int exponentDigits(byte[] json, int mantissa, int to) {
        int at = Math.min(mantissa + 1, to);
        return at < to && (json[at] == '-' || json[at] == '+') ? at + 1 : at;
    }

    /** By JSON's grammar (RFC 8259, section 6). */
    private static boolean isNumber(byte[] json, int from, int mantissa, int exponent, int to) {
        int whole = from < mantissa && json[from] == '-' ? from + 1 : from;
        int wholeEnd = digitsEnd(json, whole, mantissa);
        boolean isWhole = wholeEnd > whole && (json[whole] != '0' || wholeEnd == whole + 1);
        boolean hasFraction = wholeEnd < mantissa && json[wholeEnd] == '.' && wholeEnd + 1 < mantissa;
        int end = hasFraction ? digitsEnd(json, wholeEnd + 1, mantissa) : wholeEnd;
        boolean isExponent = mantissa == to || (exponent < to && digitsEnd(json, exponent, to) == to);
        return isWhole && end == mantissa && isExponent;
    }

    private static int digitsEnd(byte[] json, int from, int to) {
        int at = from;
        while (at < to && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at;
    }
}
