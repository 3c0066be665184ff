package io.sequin.source.stripe;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;

/**
 * How Stripe's fields become columns. A column is named as its field, except references, which get {@code _id}, and
 * {@code default}, a word of SQL's, which becomes {@code is_default}.
 */
final class Fields {
    private static final String ID = "_id";

    private Fields() {}

    /**
     * The column of a field.
     *
     * @param kind as in the file of layouts: text, bool, integer (a count, or an amount in the smallest unit of its
     *     currency), number, time (seconds since 1970), json (a nested object, a list or a map), reference (the id of
     *     another object, or that object where Stripe expands it), parent (the same, added by us)
     */
    static Column column(String field, String kind) {
        return switch (kind) {
            case "text" -> plain(field, ColumnType.TEXT);
            case "bool" -> plain(field, ColumnType.BOOLEAN);
            case "integer" -> plain(field, ColumnType.BIGINT);
            case "number" -> plain(field, ColumnType.NUMERIC);
            case "json" -> plain(field, ColumnType.JSONB);
            case "time" -> new Column(name(field), field, ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS);
            case "reference", "parent" ->
                new Column(field.endsWith(ID) ? field : field + ID, field, ColumnType.TEXT, Encoding.REFERENCE);
            default -> throw new IllegalArgumentException("a field of kind " + kind);
        };
    }

    private static Column plain(String field, ColumnType type) {
        return new Column(name(field), field, type, Encoding.PLAIN);
    }

    private static String name(String field) {
        return field.equals("default") ? "is_default" : field;
    }
}
