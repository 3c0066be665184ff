package io.sequin.data;

import java.util.List;

/**
 * A table as a source describes it. Fields of an object that no column names go to the overflow column
 * {@code _sync_extra}, so nothing is lost.
 *
 * @param name the table's name in Postgres
 * @param columns in order; the bookkeeping columns {@code _sync_*} are not among them
 * @param primaryKey names of the key's columns, which are among {@code columns}
 */
public record TableShape(String name, List<Column> columns, List<String> primaryKey) {
    public TableShape {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
    }
}
