package io.sequin.postgres.load;

import java.util.Optional;

/**
 * Finds the escapes that JSON allows and Postgres refuses in {@code text} and {@code jsonb}, in values as in names:
 * U+0000 and halves of a surrogate pair (manual, "JSON Types").
 */
final class HostileEscapes {
    /** Length of an escape by number, with its backslash. */
    private static final int ESCAPE = 6;

    private HostileEscapes() {}

    /** What is wrong, in words without any of the content; empty where all is well. */
    static Optional<String> find(byte[] json, int from, int length) {
        int end = from + length;
        int i = from;
        while (i < end) {
            if (json[i] != '\\') {
                i++;
                continue;
            }
            if (i + 1 >= end || json[i + 1] != 'u') {
                i += 2;
                continue;
            }
            int unit = unit(json, i + 2, end);
            if (unit == 0) {
                return Optional.of("it holds the character U+0000, which Postgres can't store");
            }
            if (isPair(json, i, end, unit)) {
                i += 2 * ESCAPE;
                continue;
            }
            if (Character.isSurrogate((char) unit)) {
                return Optional.of("it holds half of a surrogate pair, which Postgres can't store");
            }
            i += ESCAPE;
        }
        return Optional.empty();
    }

    /** Whether the escape at {@code i} and the next one make one character. */
    private static boolean isPair(byte[] json, int i, int end, int unit) {
        int next = i + ESCAPE;
        return Character.isHighSurrogate((char) unit)
                && next + 1 < end
                && json[next] == '\\'
                && json[next + 1] == 'u'
                && Character.isLowSurrogate((char) unit(json, next + 2, end));
    }

    /** The same for text that is no JSON, as a key's part. */
    static Optional<String> findIn(String text) {
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (c == 0) {
                return Optional.of("its key holds the character U+0000, which Postgres can't store");
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                return Optional.of("its key holds half of a surrogate pair, which Postgres can't store");
            }
            i += Character.charCount(c);
        }
        return Optional.empty();
    }

    /** Four hex digits; something harmless where they are not. The parser complains of those. */
    private static int unit(byte[] json, int at, int end) {
        if (at + 4 > end) {
            return ' ';
        }
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return ' ';
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }
}
