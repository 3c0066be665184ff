package io.sequin.postgres.load.row;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sequin.data.Encoding;
import io.sequin.postgres.load.json.ByteScan;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.PlainText;
import java.io.IOException;
import java.util.OptionalLong;

/** Puts one JSON value into its column, where it fits. */
final class ColumnValue {
    /** A larger exponent fits no {@code numeric}. */
    private static final int MAX_EXPONENT_DIGITS = 5;

    /** In bytes, with escapes. */
    private static final int LONGEST_TIME = 500;

    private final RowShape shape;
    private final RowValues values;

    ColumnValue(RowShape shape, RowValues values) {
        this.shape = shape;
        this.values = values;
    }

    /**
     * Reads the value that the parser stands at, which lies at {@code start} to {@code end}.
     *
     * @return whether it fits
     */
    boolean read(int target, JsonToken token, RecordTokens tokens, int start, int end) throws IOException {
        values.setNull(target);
        if (token == JsonToken.VALUE_NULL) {
            return true;
        }
        byte[] bytes = tokens.bytes();
        JsonParser parser = tokens.parser();
        return switch (shape.type(target)) {
            case JSONB -> slice(target, bytes, start, end);
            case TEXT ->
                token == JsonToken.VALUE_STRING
                        ? text(target, bytes, start, end)
                        : shape.column(target).encoding() == Encoding.ANY_AS_TEXT && slice(target, bytes, start, end);
            case BOOLEAN -> token.isBoolean() && number(target, token == JsonToken.VALUE_TRUE ? 1 : 0);
            case BIGINT -> isLong(token, parser) && number(target, parser.getLongValue());
            case NUMERIC -> token.isNumeric() && isNumeric(bytes, start, end) && slice(target, bytes, start, end);
            case DATE -> isShort(token, start, end) && number(target, PgTime.parseDate(parser.getText()));
            case TIMESTAMPTZ -> timestamp(target, token, parser, start, end);
        };
    }

    /**
     * Reads the {@code id} of the object that the parser has just entered, and leaves it at the object's end.
     *
     * @return whether it has one
     */
    boolean readReferenced(int target, RecordTokens tokens) throws IOException {
        values.setNull(target);
        while (tokens.next() == JsonToken.FIELD_NAME) {
            boolean id = tokens.name().equals("id");
            if (tokens.next() == JsonToken.VALUE_STRING && id) {
                int start = tokens.start();
                text(target, tokens.bytes(), start, tokens.stringEnd(start));
            } else {
                tokens.parser().skipChildren();
            }
        }
        return !values.isNull(target);
    }

    private boolean timestamp(int target, JsonToken token, JsonParser parser, int start, int end) throws IOException {
        if (shape.column(target).encoding() == Encoding.EPOCH_SECONDS) {
            return isLong(token, parser) && number(target, PgTime.ofUnixSeconds(parser.getLongValue()));
        }
        return isShort(token, start, end) && number(target, PgTime.parseTimestamp(parser.getText()));
    }

    private boolean text(int target, byte[] bytes, int start, int end) {
        if (ByteScan.quoteOrBackslash(bytes, start + 1, end) == end - 1) {
            return slice(target, bytes, start + 1, end - 1);
        }
        Bytes text = PlainText.of(bytes, start + 1, end - 1);
        values.set(target, text.data(), 0, text.size());
        return true;
    }

    /** Whether it is a string that may be a time: no other is worth decoding. */
    private static boolean isShort(JsonToken token, int start, int end) {
        return token == JsonToken.VALUE_STRING && end - start <= LONGEST_TIME;
    }

    private boolean slice(int target, byte[] bytes, int start, int end) {
        values.set(target, bytes, start, end - start);
        return true;
    }

    private boolean number(int target, long number) {
        values.set(target, number);
        return true;
    }

    private boolean number(int target, OptionalLong number) {
        number.ifPresent(value -> values.set(target, value));
        return number.isPresent();
    }

    private static boolean isLong(JsonToken token, JsonParser parser) throws IOException {
        return token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    }

    private static boolean isNumeric(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == 'e' || bytes[i] == 'E') {
                return end - i - 1 < MAX_EXPONENT_DIGITS;
            }
        }
        return true;
    }
}
