package io.sequin.postgres.load.json;

import io.sequin.data.Json;
import io.sequin.data.RowKey;
import java.util.OptionalInt;

/**
 * Finds what JSON's grammar allows and Postgres refuses in {@code text} and {@code jsonb}, in values as in names: the
 * escapes of U+0000 and of halves of a surrogate pair (manual, "JSON Types"), and bytes that are not UTF-8. Finding the
 * latter here also keeps every later decoding from replacing them unseen. Each is repaired by U+FFFD, which Unicode
 * has for what can't be represented.
 */
public final class HostileText {
    /** Length of an escape by number, with its backslash. */
    private static final int ESCAPE = 6;

    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};
    private static final byte[] ESCAPED_REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};

    private HostileText() {}

    /** The same, with U+FFFD in place of what is hostile; the very same object where nothing is. */
    public static Json repaired(Json json) {
        byte[] bytes = json.bytes();
        int end = json.offset() + json.length();
        int at = next(bytes, json.offset(), end);
        if (at == end) {
            return json;
        }
        Bytes out = new Bytes(repairedLength(json, at));
        int copied = json.offset();
        while (at < end) {
            out.put(bytes, copied, at - copied);
            boolean escape = bytes[at] == '\\';
            out.put(escape ? ESCAPED_REPLACEMENT : REPLACEMENT);
            copied = at + (escape ? ESCAPE : 1);
            at = next(bytes, copied, end);
        }
        out.put(bytes, copied, end - copied);
        return new Json(out.data(), 0, out.size());
    }

    /** How many bytes it has once repaired; empty where nothing is hostile. */
    public static OptionalInt repairedLength(Json json) {
        int end = json.offset() + json.length();
        int at = next(json.bytes(), json.offset(), end);
        return at == end ? OptionalInt.empty() : OptionalInt.of(repairedLength(json, at));
    }

    private static int repairedLength(Json json, int first) {
        byte[] bytes = json.bytes();
        int end = json.offset() + json.length();
        int length = json.length();
        for (int at = first; at < end; ) {
            boolean escape = bytes[at] == '\\';
            length += escape ? 0 : REPLACEMENT.length - 1;
            at = next(bytes, at + (escape ? ESCAPE : 1), end);
        }
        return length;
    }

    /** Where the next hostile byte or escape begins; {@code end} where there is none. */
    static int next(byte[] json, int from, int end) {
        int i = ByteScan.backslashOrNotAscii(json, from, end);
        while (i < end) {
            if (json[i] < 0) {
                int width = sequence(json, i, end);
                if (width == 0) {
                    return i;
                }
                i += width;
            } else if (i + 1 >= end || json[i + 1] != 'u') {
                i += 2;
            } else {
                int width = escape(json, i, end);
                if (width == 0) {
                    return i;
                }
                i += width;
            }
            i = ByteScan.backslashOrNotAscii(json, i, end);
        }
        return end;
    }

    /** Length of the escape, or pair of them, at {@code i}; 0 where Postgres can't store what it stands for. */
    private static int escape(byte[] json, int i, int end) {
        int unit = unit(json, i + 2, end);
        if (isPair(json, i, end, unit)) {
            return 2 * ESCAPE;
        }
        return unit == 0 || Character.isSurrogate((char) unit) ? 0 : ESCAPE;
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

    /** Whether Postgres can store each part of a key. A key is never repaired: the result may be another row's. */
    public static boolean isStorable(RowKey key) {
        return key.parts().stream().allMatch(HostileText::isStorable);
    }

    /** The same of one part. */
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                // half of a pair, unless it is the first and the second follows
                if (!Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /**
     * The character of the escape by number whose digits begin here, or of the pair of them. They end {@link #digits} behind
     * it. Negative where digits are missing, of which a parser complains, or half of the pair, which is hostile.
     */
    static int character(byte[] json, int at, int end) {
        int first = unit(json, at, end);
        if (first < 0 || !Character.isSurrogate((char) first)) {
            return first;
        }
        int escape = at - 2;
        return isPair(json, escape, end, first)
                ? Character.toCodePoint((char) first, (char) unit(json, at + ESCAPE, end))
                : -1;
    }

    /** How much the escape of a character has behind its first {@code \\u}. */
    static int digits(int character) {
        return Character.isSupplementaryCodePoint(character) ? 2 * ESCAPE - 2 : ESCAPE - 2;
    }

    /** Four hex digits; negative where they are not. */
    static int unit(byte[] json, int at, int end) {
        if (at + 4 > end) {
            return -1;
        }
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }
}
