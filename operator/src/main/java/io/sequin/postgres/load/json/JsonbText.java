package io.sequin.postgres.load.json;

import java.nio.charset.StandardCharsets;

/**
 * JSON as {@code jsonb::text} prints it: names of an object by length and then by bytes, of equal ones the last; a space
 * behind each colon and comma; no escape that isn't needed; numbers as {@code numeric} prints them. Pure; used again for
 * each value; quickest where these have their members in the same order; one thread.
 *
 * <p>It is a means to see quickly that nothing changed and to spare the server sorting, never a promise: where the
 * server's print is hard to foresee (names that need escapes, deep nesting, thousands of members, exponents of
 * four digits, an encoding that isn't UTF-8) the result is another text of the same value.
 */
public final class JsonbText {
    /** What is nested deeper goes as it is: sorting copies each level once more. */
    public static final int MAX_DEPTH = 64;

    /** So many times what was read may be printed, and {@link #SPARE} bytes: {@code 1e999} has a thousand. */
    private static final int MOST_GROWTH = 4;

    private static final int SPARE = 16 * 1_024;

    private final JsonbMembers[] levels = new JsonbMembers[MAX_DEPTH];
    private byte[] json = {};
    private int begin;
    private int at;
    private int end;
    private Bytes out = new Bytes(0);
    private int start;
    /** Whether a string had an escape that is needed. */
    private boolean escaped;

    /**
     * Appends a value that a parser has found sound, free of hostile text. One that is not goes as it is, for the server to
     * refuse.
     */
    public void append(byte[] source, int offset, int length, Bytes target) {
        int stop = offset + length;
        int to = appendFirst(source, offset, stop, target);
        if (to == ValueEnd.NONE || ByteScan.notSpace(source, to, stop) != stop) {
            target.cut(start);
            target.put(source, offset, length);
        }
    }

    /**
     * Appends the value that begins here.
     *
     * @return the index behind it; {@link ValueEnd#NONE}, with nothing appended, where it has to go as it is
     */
    public int appendFirst(byte[] source, int from, int stop, Bytes target) {
        json = source;
        at = from;
        end = stop;
        out = target;
        begin = from;
        start = target.size();
        if (value(0)) {
            return at;
        }
        target.cut(start);
        return ValueEnd.NONE;
    }

    /** Prints the next value; false where it must go as it is. */
    private boolean value(int depth) {
        int first = peek();
        int plain = plainEnd(first);
        if (plain > 0) {
            out.put(json, at, plain - at);
            at = plain;
            return true;
        }
        return switch (first) {
            case '{' -> depth < MAX_DEPTH && object(depth);
            case '[' -> depth < MAX_DEPTH && array(depth);
            case '"' -> string();
            default -> number();
        };
    }

    /** The index behind the value here, where it is printed as it stands; else 0. */
    private int plainEnd(int first) {
        if (first == '"') {
            int to = ByteScan.quoteOrBackslash(json, at + 1, end);
            return to < end && json[to] == '"' ? to + 1 : 0;
        }
        return first >= 'a' && first <= 'z' ? wordEnd() : JsonbNumber.plainEnd(json, at, end);
    }

    private int wordEnd() {
        int to = at + 1;
        while (to < end && json[to] >= 'a' && json[to] <= 'z') {
            to++;
        }
        return to;
    }

    private boolean object(int depth) {
        JsonbMembers members = level(depth);
        members.begin(out);
        for (boolean more = opens('}'); more; more = goesOver(',')) {
            if (!memberName(members) || !goesOver(':') || !memberValue(members, depth + 1)) {
                return false;
            }
        }
        if (!goesOver('}')) {
            return false;
        }
        members.print(json, out);
        return true;
    }

    private JsonbMembers level(int depth) {
        if (levels[depth] == null) {
            levels[depth] = new JsonbMembers();
        }
        return levels[depth];
    }

    /** Goes over a member's name and notes where it is. */
    private boolean memberName(JsonbMembers members) {
        if (peek() != '"' || members.isFull()) {
            return false;
        }
        int to = members.takeKnown(json, at, end);
        if (to == 0) {
            to = plainEnd('"');
            if (to == 0) {
                return escapedName(members);
            }
            members.name(at, to);
        }
        at = to;
        return true;
    }

    private boolean escapedName(JsonbMembers members) {
        int from = out.size();
        escaped = false;
        boolean sound = string();
        members.name(~from, out.size());
        return sound && !escaped;
    }

    /** The same of its value. */
    private boolean memberValue(JsonbMembers members, int depth) {
        int plain = plainEnd(peek());
        if (plain > 0) {
            members.value(at, plain);
            at = plain;
            return true;
        }
        int from = out.size();
        boolean sound = value(depth);
        members.value(~from, out.size());
        return sound;
    }

    private boolean array(int depth) {
        out.put('[');
        boolean first = true;
        for (boolean more = opens(']'); more; more = goesOver(',')) {
            if (!first) {
                out.put(',', ' ');
            }
            first = false;
            if (!value(depth + 1)) {
                return false;
            }
        }
        out.put(']');
        return goesOver(']');
    }

    /** Goes over the opening bracket; whether there is anything before the closing one. */
    private boolean opens(char close) {
        at++;
        return peek() != close;
    }

    /** Goes over this character, where it is the next one. */
    private boolean goesOver(char expected) {
        boolean found = peek() == expected;
        if (found) {
            at++;
        }
        return found;
    }

    /** False where it does not end. */
    private boolean string() {
        int from = at;
        int to = ByteScan.quoteOrBackslash(json, at + 1, end);
        while (to + 1 < end && json[to] != '"') {
            out.put(json, from, to - from);
            at = to + 2;
            if (!escape(json[to + 1])) {
                return false;
            }
            from = at;
            to = ByteScan.quoteOrBackslash(json, at, end);
        }
        at = to + 1;
        if (at > end || json[to] != '"') {
            return false;
        }
        out.put(json, from, at - from);
        return true;
    }

    /** What follows a backslash and this letter; false where that is no character. */
    private boolean escape(int letter) {
        if (letter == 'u') {
            int character = HostileText.character(json, at, end);
            if (character < 0) {
                return false;
            }
            at += HostileText.digits(character);
            unicode(character);
            return true;
        }
        if (letter == '/') {
            out.put('/');
        } else {
            put('\\', letter);
        }
        return true;
    }

    private void put(int first, int second) {
        escaped = true;
        out.put(first, second);
    }

    private void unicode(int character) {
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

    private boolean number() {
        int from = at;
        at = ValueEnd.numberEnd(json, from, end);
        return JsonbNumber.print(json, from, at, out) && out.size() - start <= SPARE + MOST_GROWTH * (at - begin);
    }

    /** Goes to the next byte that isn't space; 0 at the end. */
    private int peek() {
        at = ByteScan.notSpace(json, at, end);
        return at < end ? json[at] : 0;
    }
}
