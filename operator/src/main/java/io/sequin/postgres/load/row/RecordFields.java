package io.sequin.postgres.load.row;

import io.sequin.data.Json;
import io.sequin.postgres.load.json.ByteScan;
import io.sequin.postgres.load.json.PlainText;
import io.sequin.postgres.load.json.ValueEnd;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Goes from field to field of a record, and of an object in it, and tells where each name and value lies in its bytes. A
 * source has parsed all of it before ({@link Json}), so only what ends a value is looked at: whatever is broken all the
 * same is refused here or, within a nested value, by the server, which parses each. Used again for each record; one
 * thread.
 */
final class RecordFields {
    private static final byte[] NOTHING = {};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** No number of fewer characters is too large for a long. */
    private static final int LONG_DIGITS = 18;

    /** The record's own bracket counts. */
    private final ValueEnd ends = new ValueEnd(JsonRow.MAX_DEPTH - 1, JsonRow.MAX_DIGITS, JsonRow.MAX_ZEROS);

    private byte[] bytes = NOTHING;
    private int end;
    private int at;
    /** Whether the next field is its object's first. */
    private boolean first;

    private int name;
    private int nameEnd;
    private int value;
    private JsonKind kind = JsonKind.NULL;

    /**
     * Stands before a record's first field.
     *
     * @throws UnfitRecord where it is not an object
     */
    void begin(Json object) {
        bytes = object.bytes();
        at = object.offset();
        end = at + object.length();
        if (peek() != '{') {
            throw notJson();
        }
        value = at;
        ends.begin();
        enter();
    }

    /** Goes into the object that is the field's value, before its first field. */
    void enter() {
        at = value + 1;
        first = true;
    }

    /**
     * Goes to the next field, before its value, which is to be skipped or entered; false behind the object's end.
     *
     * @throws UnfitRecord where there is neither
     */
    boolean next() {
        if (peek() == '}') {
            at++;
            first = false;
            return false;
        }
        if (!first) {
            expect(',');
        }
        first = false;
        if (peek() != '"') {
            throw notJson();
        }
        name = at;
        nameEnd = stringEnd(at);
        at = nameEnd;
        expect(':');
        kind = JsonKind.of(peek());
        value = at;
        return true;
    }

    /** Goes behind the field's value. */
    void skip() {
        at = switch (kind) {
            case OBJECT, ARRAY -> nestedEnd();
            case STRING -> stringEnd(value);
            case NUMBER -> numberEnd();
            case TRUE -> wordEnd(TRUE);
            case FALSE -> wordEnd(FALSE);
            case NULL -> wordEnd(NULL);
            case NONE -> throw notJson();
        };
    }

    /** Goes behind the field's value, which is known to end here. */
    void skipTo(int valueEnd) {
        at = valueEnd;
    }

    /** The array that all places are indexes of. */
    byte[] bytes() {
        return bytes;
    }

    /** The index behind the record's last byte. */
    int limit() {
        return end;
    }

    /** Where the field's name begins, at its quote. */
    int name() {
        return name;
    }

    /** The index behind the quote that ends the name. */
    int nameEnd() {
        return nameEnd;
    }

    /** What the name stands for, without escapes. */
    String nameText() {
        return text(name, nameEnd);
    }

    /** What kind of value the field has. */
    JsonKind kind() {
        return kind;
    }

    /** Whether its value is an object or array. */
    boolean isNested() {
        return kind == JsonKind.OBJECT || kind == JsonKind.ARRAY;
    }

    /** Where the field's value begins. */
    int value() {
        return value;
    }

    /** The index behind all that was read: behind the field's value once it was skipped. */
    int position() {
        return at;
    }

    /** What the field's value, a string that was skipped, stands for. */
    String valueText() {
        return text(value, at);
    }

    /** The field's value, a number that was skipped, where that is a whole one in the range of a long. */
    OptionalLong valueLong() {
        boolean negative = bytes[value] == '-';
        int digits = negative ? value + 1 : value;
        if (at == digits) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = digits; i < at; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            number = number * 10 + digit;
        }
        if (at - digits > LONG_DIGITS) {
            return KeyValues.parseLong(new String(bytes, value, at - value, StandardCharsets.US_ASCII));
        }
        return OptionalLong.of(negative ? -number : number);
    }

    private String text(int from, int to) {
        var text = PlainText.of(bytes, from + 1, to - 1);
        return new String(text.data(), 0, text.size(), StandardCharsets.UTF_8);
    }

    /** Goes to the next byte that isn't space; 0 at the end. */
    private int peek() {
        at = ByteScan.notSpace(bytes, at, end);
        return at < end ? bytes[at] : 0;
    }

    private void expect(int sign) {
        if (peek() != sign) {
            throw notJson();
        }
        at++;
    }

    /** The index behind the bracket that closes the value. */
    private int nestedEnd() {
        return sound(ends.ofNested(bytes, value, end));
    }

    private int stringEnd(int from) {
        return sound(ValueEnd.ofString(bytes, from, end));
    }

    private int numberEnd() {
        return sound(ends.ofNumber(bytes, value, end));
    }

    private static int sound(int found) {
        if (found == ValueEnd.BEYOND_LIMITS) {
            throw new UnfitRecord(Unfit.LIMITS);
        }
        if (found == ValueEnd.NONE) {
            throw notJson();
        }
        return found;
    }

    private int wordEnd(byte[] word) {
        int to = value + word.length;
        if (to > end || !Arrays.equals(word, 0, word.length, bytes, value, to)) {
            throw notJson();
        }
        return to;
    }

    private static UnfitRecord notJson() {
        return new UnfitRecord(Unfit.NOT_JSON);
    }
}
