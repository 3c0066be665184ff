package io.sequin.postgres.load.row;

import io.sequin.data.ColumnType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Values as Postgres reads them from text, for bound arrays. */
final class RowText {
    private RowText() {}

    static @Nullable String of(RowValues values, int column, ColumnType type) {
        if (values.isNull(column)) {
            return null;
        }
        return switch (type) {
            case BOOLEAN -> values.number(column) == 0 ? "f" : "t";
            case BIGINT -> Long.toString(values.number(column));
            case DATE -> PgTime.dateText(values.number(column));
            case TIMESTAMPTZ -> PgTime.timestampText(values.number(column));
            case TEXT, NUMERIC, JSONB ->
                new String(values.bytes(column), values.offset(column), values.length(column), StandardCharsets.UTF_8);
        };
    }

    /** The type's name for arrays. */
    static String arrayOf(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "bool";
            case BIGINT -> "int8";
            case NUMERIC -> "numeric";
            case TEXT -> "text";
            case DATE -> "date";
            case TIMESTAMPTZ -> "timestamptz";
            case JSONB -> "jsonb";
        };
    }
}
