package io.sequin.data;

import java.util.List;
import java.util.Optional;

/**
 * A table as a source describes it. Fields of an object that no column names go to the overflow column
 * {@code _sync_extra}, so nothing is lost.
 *
 * @param name the table's name in Postgres
 * @param columns in order; the bookkeeping columns {@code _sync_*} are not among them
 * @param primaryKey names of the key's columns, which are among {@code columns}
 * @param parent the column that holds the key of the row these rows belong to, where they come as
 *     {@link Change.ChildSet}s; it is among {@code columns}
 * @param stamp the column that tells when the source wrote the row last, where its value only grows; it is among {@code
 *     columns}. A row with a smaller one never replaces what is stored, and one that differs in nothing else is not
 *     written
 */
public record TableShape(
        String name, List<Column> columns, List<String> primaryKey, Optional<String> parent, Optional<String> stamp) {
    public TableShape {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
    }

    /** A table whose source has no such stamps. */
    public TableShape(String name, List<Column> columns, List<String> primaryKey, Optional<String> parent) {
        this(name, columns, primaryKey, parent, Optional.empty());
    }

    /** The same, whose rows belong to no other table's. */
    public TableShape(String name, List<Column> columns, List<String> primaryKey) {
        this(name, columns, primaryKey, Optional.empty());
    }
}
