package io.sequin.postgres.load.row;

import io.sequin.data.Encoding;
import io.sequin.postgres.load.json.ByteScan;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.PlainText;
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
     * Reads the field's value, which was skipped.
     *
     * @return whether it fits
     */
    boolean read(int target, RecordFields fields) {
        values.setNull(target);
        JsonKind kind = fields.kind();
        if (kind == JsonKind.NULL) {
            return true;
        }
        return switch (shape.type(target)) {
            case JSONB -> slice(target, fields);
            case TEXT ->
                kind == JsonKind.STRING
                        ? text(target, fields.bytes(), fields.value(), fields.position())
                        : shape.column(target).encoding() == Encoding.ANY_AS_TEXT && slice(target, fields);
            case BOOLEAN ->
                (kind == JsonKind.TRUE || kind == JsonKind.FALSE) && number(target, kind == JsonKind.TRUE ? 1 : 0);
            case BIGINT -> kind == JsonKind.NUMBER && number(target, fields.valueLong());
            case NUMERIC -> kind == JsonKind.NUMBER && isNumeric(fields) && slice(target, fields);
            case DATE -> isShort(fields) && number(target, PgTime.parseDate(fields.valueText()));
            case TIMESTAMPTZ -> timestamp(target, fields);
        };
    }

    /**
     * Reads the {@code id} of the object that is the field's value, and goes behind it.
     *
     * @return whether it has one
     */
    boolean readReferenced(int target, RecordFields fields) {
        values.setNull(target);
        fields.enter();
        while (fields.next()) {
            fields.skip();
            if (fields.kind() == JsonKind.STRING && fields.nameText().equals("id")) {
                text(target, fields.bytes(), fields.value(), fields.position());
            }
        }
        return !values.isNull(target);
    }

    private boolean timestamp(int target, RecordFields fields) {
        if (shape.column(target).encoding() == Encoding.EPOCH_SECONDS) {
            OptionalLong seconds = fields.kind() == JsonKind.NUMBER ? fields.valueLong() : OptionalLong.empty();
            return seconds.isPresent() && number(target, PgTime.ofUnixSeconds(seconds.getAsLong()));
        }
        return isShort(fields) && number(target, PgTime.parseTimestamp(fields.valueText()));
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
    private static boolean isShort(RecordFields fields) {
        return fields.kind() == JsonKind.STRING && fields.position() - fields.value() <= LONGEST_TIME;
    }

    private boolean slice(int target, RecordFields fields) {
        return slice(target, fields.bytes(), fields.value(), fields.position());
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

    private static boolean isNumeric(RecordFields fields) {
        for (int i = fields.value(); i < fields.position(); i++) {
            if ((fields.bytes()[i] | ' ') == 'e') {
                return fields.position() - i - 1 < MAX_EXPONENT_DIGITS;
            }
        }
        return true;
    }
}
