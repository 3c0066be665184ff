package io.sequin.postgres.load.json;

/**
 * Finds where a JSON value ends that a parser has found sound. Brackets are only counted: of what is broken all the same it
 * finds some end or none, never one beyond the given. Used again for each record; one thread.
 */
public final class ValueEnd {
    /** There is no end: the value is cut short. */
    public static final int NONE = -1;

    /** It is nested too deeply, or its numbers have too many digits. */
    public static final int BEYOND_LIMITS = -2;

    private final int levels;
    private final int digits;
    private final int zeros;
    /** For how many zeros the exponents met so far stand. */
    private int met;

    /**
     * Of a record, and all that is in it.
     *
     * @param levels of brackets that a value may have
     * @param digits that a number may have, as it is written
     * @param zeros for which the exponents of all its numbers may stand, as {@code numeric} prints them
     */
    public ValueEnd(int levels, int digits, int zeros) {
        this.levels = levels;
        this.digits = digits;
        this.zeros = zeros;
    }

    /** Another record begins. */
    public void begin() {
        met = 0;
    }

    /**
     * The index behind an object or array.
     *
     * @param from of the bracket that opens it
     * @param end no byte from here on is its
     * @return that, {@link #NONE} or {@link #BEYOND_LIMITS}
     */
    public int ofNested(byte[] json, int from, int end) {
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
                if (to == BEYOND_LIMITS) {
                    return BEYOND_LIMITS;
                }
                i = Math.max(to, i + 1);
            }
        } while (depth > 0);
        return i;
    }

    /** The index behind the number here, the same where there is none; or {@link #BEYOND_LIMITS}. */
    public int ofNumber(byte[] json, int from, int end) {
        int exponent = end;
        int i = from;
        while (i < end && isOfNumber(json[i])) {
            if ((json[i] | ' ') == 'e') {
                exponent = i;
            }
            i++;
        }
        if (exponent < i) {
            met += zeros(json, exponent + 1, i);
        }
        int sign = from < i && json[from] == '-' ? 1 : 0;
        return i - from - sign > digits || met > zeros ? BEYOND_LIMITS : i;
    }

    /** For how many an exponent stands, before the point or behind it; no more than a number may have digits. */
    private int zeros(byte[] json, int from, int to) {
        int number = 0;
        for (int i = from; i < to && number < digits; i++) {
            number = json[i] >= '0' && json[i] <= '9' ? 10 * number + json[i] - '0' : number;
        }
        return Math.min(number, digits);
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
    static int numberEnd(byte[] json, int from, int end) {
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
