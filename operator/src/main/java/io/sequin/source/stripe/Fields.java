package io.sequin.source.stripe;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;

/**
 * How Stripe's fields become columns. A column is named as its field, except references, which get {@code _id}. (The
 * rule {@code default} → {@code is_default} applies to tables that have such a field; none of ours has yet.)
 */
final class Fields {
    private Fields() {}

    static Column text(String field) {
        return new Column(field, field, ColumnType.TEXT, Encoding.PLAIN);
    }

    static Column bool(String field) {
        return new Column(field, field, ColumnType.BOOLEAN, Encoding.PLAIN);
    }

    /** A count, or an amount in the smallest unit of its currency. */
    static Column integer(String field) {
        return new Column(field, field, ColumnType.BIGINT, Encoding.PLAIN);
    }

    static Column time(String field) {
        return new Column(field, field, ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS);
    }

    /** A nested object, a list or a map. */
    static Column json(String field) {
        return new Column(field, field, ColumnType.JSONB, Encoding.PLAIN);
    }

    /** The id of another object, or that object where Stripe expands it. */
    static Column reference(String field) {
        return new Column(field + "_id", field, ColumnType.TEXT, Encoding.REFERENCE);
    }
}
