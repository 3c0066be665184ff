package io.sequin.postgres.load.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * JSON as {@code jsonb::text} prints it: names of an object by length and then by bytes, of equal ones the last; a space
 * behind each colon and comma; no escape that isn't needed; numbers as {@code numeric} prints them. Pure; used again for
 * each value; quickest where these have their members in the same order; one thread.
 *
 * <p>It is a means to see quickly that nothing changed and to spare the server sorting, never a promise: where the
 * server's print is hard to foresee (names that need escapes, deep nesting, exponents of four digits, an encoding that
 * isn't UTF-8) the result is another text of the same value.
 */
public final class JsonbText {
    /** What is nested deeper goes as it is: sorting copies each level once more. */
    public static final int MAX_DEPTH = 64;

    /** Longer numbers that would have to be written anew go as they are. */
    private static final int MAX_NUMBER = 64;

    private static final int MAX_EXPONENT_DIGITS = 3;

    private final JsonbMembers[] levels = new JsonbMembers[MAX_DEPTH];
    private final Bytes sorting = new Bytes(256);
    private byte[] json = {};
    private int at;
    private int end;
    private Bytes out = sorting;
    private boolean escaped;
    /** Whether all brackets had one of their kind so far. */
    private boolean sound;

    /**
     * Appends a value that a parser has found sound, free of hostile text. One that is not goes as it is, for the server to
     * refuse.
     */
    public void append(byte[] source, int offset, int length, Bytes target) {
        json = source;
        at = offset;
        end = offset + length;
        out = target;
        sound = true;
        int start = target.size();
        if (!value(0) || !sound || !isAtEnd()) {
            target.cut(start);
            target.put(source, offset, length);
        }
    }

    private boolean isAtEnd() {
        peek();
        return at == end;
    }

    /** Prints the next value; false where it must go as it is. */
    private boolean value(int depth) {
        switch (peek()) {
            case '{' -> {
                return depth < MAX_DEPTH && object(depth);
            }
            case '[' -> {
                return depth < MAX_DEPTH && array(depth);
            }
            case '"' -> string();
            case 't', 'f', 'n' -> word();
            default -> {
                return number();
            }
        }
        return true;
    }

    private boolean object(int depth) {
        JsonbMembers members = level(depth);
        out.put('{');
        members.begin(out);
        for (boolean more = first('}'); more; more = next('}')) {
            members.name();
            escaped = false;
            string();
            if (escaped) {
                return false;
            }
            members.named();
            out.put(':', ' ');
            if (peek() != ':') {
                return false;
            }
            at++;
            if (!value(depth + 1)) {
                return false;
            }
            members.end();
        }
        members.sort(sorting);
        out.put('}');
        return true;
    }

    /** Goes over the opening bracket; whether there is anything before the closing one, which it goes over too. */
    private boolean first(char close) {
        at++;
        if (peek() != close) {
            return true;
        }
        at++;
        return false;
    }

    /** Goes over a comma or the closing bracket; whether it is a comma. */
    private boolean next(char close) {
        int next = peek();
        boolean more = next == ',';
        sound = sound && (more || next == close);
        at++;
        if (more) {
            out.put(',', ' ');
            peek();
        }
        return more;
    }

    private JsonbMembers level(int depth) {
        if (levels[depth] == null) {
            levels[depth] = new JsonbMembers();
        }
        return levels[depth];
    }

    private boolean array(int depth) {
        out.put('[');
        for (boolean more = first(']'); more; more = next(']')) {
            if (!value(depth + 1)) {
                return false;
            }
        }
        out.put(']');
        return true;
    }

    private void word() {
        int from = at;
        while (at < end && json[at] >= 'a' && json[at] <= 'z') {
            at++;
        }
        out.put(json, from, at - from);
    }

    private void string() {
        int from = at;
        int to = ByteScan.quoteOrBackslash(json, at + 1, end);
        while (to + 1 < end && json[to] != '"') {
            out.put(json, from, to - from);
            at = to + 2;
            escape(json[to + 1]);
            from = at;
            to = ByteScan.quoteOrBackslash(json, at, end);
        }
        at = to + 1;
        out.put(json, from, Math.max(0, Math.min(at, end) - from));
    }

    /** What follows a backslash and this letter. */
    private void escape(int letter) {
        if (letter == 'u') {
            unicode();
        } else if (letter == '/') {
            out.put('/');
        } else {
            put('\\', letter);
        }
    }

    private void put(int first, int second) {
        escaped = true;
        out.put(first, second);
    }

    private void unicode() {
        int character = HostileText.character(json, at, end);
        at += HostileText.digits(character);
        switch (character) {
            case '"', '\\' -> put('\\', character);
            case '\b' -> put('\\', 'b');
            case '\f' -> put('\\', 'f');
            case '\n' -> put('\\', 'n');
            case '\r' -> put('\\', 'r');
            case '\t' -> put('\\', 't');
            default -> plain(character);
        }
    }

    private void plain(int character) {
        if (character < ' ') {
            escaped = true;
            out.put("\\u%04x".formatted(character).getBytes(StandardCharsets.US_ASCII));
        } else if (character < 0x80) {
            out.put(character);
        } else {
            out.put(Character.toString(character).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** False where it is none. */
    private boolean number() {
        int from = at;
        int exponent = -1;
        while (at < end && ValueEnd.isOfNumber(json[at])) {
            if ((json[at] | ' ') == 'e') {
                exponent = at;
            }
            at++;
        }
        int length = at - from;
        // numeric has no -0
        boolean negativeZero = length > 1 && json[from] == '-' && json[from + 1] == '0';
        if ((exponent < 0 && !negativeZero) || length > MAX_NUMBER || isHuge(exponent)) {
            out.put(json, from, length);
            return length > 0;
        }
        String text = new String(json, from, length, StandardCharsets.US_ASCII);
        try {
            out.put(new BigDecimal(text).toPlainString().getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (NumberFormatException broken) {
            return false;
        }
    }

    /** Whether an exponent that ends here has too many digits. */
    private boolean isHuge(int exponent) {
        return exponent >= 0 && at - exponent - 2 > MAX_EXPONENT_DIGITS;
    }

    /** Goes to the next byte that isn't space; 0 at the end. */
    private int peek() {
        at = ByteScan.notSpace(json, at, end);
        return at < end ? json[at] : 0;
    }
}
