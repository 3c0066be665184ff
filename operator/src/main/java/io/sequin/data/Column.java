package io.sequin.data;

/**
 * A column of a synced table.
 *
 * @param name its name in Postgres
 * @param field the top-level field of the source's object that fills it
 */
public record Column(String name, String field, ColumnType type, Encoding encoding) {}
