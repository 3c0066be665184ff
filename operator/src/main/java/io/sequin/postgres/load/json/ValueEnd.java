package io.sequin.postgres.load.json;

/**
 * Finds where a JSON value ends that a parser has found sound. Brackets are only counted: of what is broken all the same it
 * finds some end or none, never one beyond the given.
 */
public final class ValueEnd {
    /** There is no end: the value is cut short. */
    public static final int NONE = -1;

    /** It is nested too deeply, or holds a number with too many digits. */
    public static final int BEYOND_LIMITS = -2;

    private ValueEnd() {}

    /**
     * The index behind an object or array.
     *
     * @param from of the bracket that opens it
     * @param end no byte from here on is its
     * @param levels of brackets it may have
     * @param digits that a number may have
     * @return that, {@link #NONE} or {@link #BEYOND_LIMITS}
     */
    public static int ofNested(byte[] json, int from, int end, int levels, int digits) {
        int depth = 0;
        int i = from;
        do {
            if (i >= end) {
                return NONE;
            }
            byte next = json[i];
            if (next == '"') {
                i = ofString(json, i, end);
                if (i == NONE) {
                    return NONE;
                }
            } else if (next == ',' || next == ':') {
                i++;
            } else if (next == '{' || next == '[') {
                if (++depth > levels) {
                    return BEYOND_LIMITS;
                }
                i++;
            } else if (next == '}' || next == ']') {
                depth--;
                i++;
            } else {
                int to = ofNumber(json, i, end);
                if (to - i > digits) {
                    return BEYOND_LIMITS;
                }
                i = Math.max(to, i + 1);
            }
        } while (depth > 0);
        return i;
    }

    /** The index behind the quote that ends the string which begins with the one here; or {@link #NONE}. */
    public static int ofString(byte[] json, int from, int end) {
        int i = ByteScan.quoteOrBackslash(json, from + 1, end);
        while (i < end) {
            if (json[i] == '"') {
                return i + 1;
            }
            i = ByteScan.quoteOrBackslash(json, i + 2, end);
        }
        return NONE;
    }

    /** The index behind the number here; the same where there is none. */
    public static int ofNumber(byte[] json, int from, int end) {
        int i = from;
        while (i < end && isOfNumber(json[i])) {
            i++;
        }
        return i;
    }

    private static boolean isOfNumber(byte next) {
        return (next >= '0' && next <= '9') || next == '-' || next == '+' || next == '.' || (next | ' ') == 'e';
    }
}
