package io.sequin.data;

import java.util.List;

/** What a source says about one row, or about the children of one. */
public sealed interface Change {
    String table();

    /** The row's key; of a {@link ChildSet}, the parent's. */
    RowKey key();

    /** How many bytes of JSON it holds. */
    default long bytes() {
        return switch (this) {
            case Upsert upsert -> upsert.object().length();
            case ChildSet children ->
                children.rows().stream().mapToLong(Change::bytes).sum();
            case Delete delete -> 0;
            case Hint hint -> 0;
        };
    }

    /** The row is now this object, whole. */
    record Upsert(String table, RowKey key, Json object) implements Change {}

    /** The row is gone at the source. */
    record Delete(String table, RowKey key) implements Change {}

    /**
     * The rows of one parent in a table that has no events of its own, such as the lines of an invoice. All rows of a
     * table with a {@link TableShape#parent()} come in such sets.
     *
     * <p>Several sets of one parent may come in a row: incomplete ones, then a complete one, together are one complete
     * set. They must share a commit, so a source that cuts a set in pieces over pages says that it is not safe to stop
     * between them. Incomplete ones that no complete one follows add and change rows only. After a complete one the next
     * begins anew. A row that two parents claim belongs to the one that named it last.
     *
     * @param table the children's; its {@link TableShape#parent()} is present
     * @param key the parent's, of one part
     * @param complete whether these, with the incomplete ones before, are all there are: then the parent's other rows
     *     are gone. A parent that is gone leaves a complete set of none
     * @param rows of {@code table}; each holds the parent's key in the column {@link TableShape#parent()}, and its own
     *     key is unique in the table
     */
    record ChildSet(String table, RowKey key, boolean complete, List<Upsert> rows) implements Change {
        public ChildSet {
            rows = List.copyOf(rows);
            for (Upsert row : rows) {
                if (!row.table().equals(table)) {
                    throw new IllegalArgumentException("a row of table " + row.table() + " in a set of " + table);
                }
            }
        }
    }

    /**
     * Something happened to the row; its present state must be fetched to know what.
     *
     * @param key of a table with a {@link TableShape#parent()}: the parent's
     * @param deletion whether the source reported a deletion: then the row counts as gone where it can't be fetched
     */
    record Hint(String table, RowKey key, boolean deletion) implements Change {}
}
