package io.sequin.postgres.schema;

import io.sequin.data.ColumnType;

/** Names of column types in SQL. */
public final class SqlType {
    private SqlType() {}

    /** The type as the server prints it and reads it: {@code format_type} gives the same. */
    public static String name(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case BIGINT -> "bigint";
            case NUMERIC -> "numeric";
            case TEXT -> "text";
            case DATE -> "date";
            case TIMESTAMPTZ -> "timestamp with time zone";
            case JSONB -> "jsonb";
        };
    }
}
