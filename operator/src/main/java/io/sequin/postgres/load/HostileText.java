package io.sequin.postgres.load;

import java.util.Optional;

/**
 * Finds what JSON's grammar allows and Postgres refuses in {@code text} and {@code jsonb}, in values as in names: the
 * escapes of U+0000 and of halves of a surrogate pair (manual, "JSON Types"), and bytes that are not UTF-8. Finding the
 * latter here also keeps every later decoding from replacing them unseen.
 */
final class HostileText {
    /** Length of an escape by number, with its backslash. */
    private static final int ESCAPE = 6;

    private HostileText() {}

    /** What is wrong, in words without any of the content; empty where all is well. */
    static Optional<String> find(byte[] json, int from, int length) {
        int end = from + length;
        int i = from;
        while (i < end) {
            if (json[i] < 0) {
                int width = sequence(json, i, end);
                if (width == 0) {
                    return Optional.of("it is not valid UTF-8");
                }
                i += width;
                continue;
            }
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

    /** Length of the UTF-8 sequence at {@code i}; 0 where it is none (Unicode Standard, table 3-7). */
    private static int sequence(byte[] json, int i, int end) {
        int first = json[i] & 0xff;
        int width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || i + width > end) {
            return 0;
        }
        int second = json[i + 1] & 0xff;
        int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int k = i + 2; k < i + width; k++) {
            if ((json[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return width;
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
