package io.sequin.data;

/**
 * How rows are written, as far as users choose it.
 *
 * @param deletes what becomes of rows that the source deleted
 * @param newColumns what becomes of columns that a table does not have yet
 */
public record WriteRules(Deletes deletes, NewColumns newColumns) {
    /** What holds where users say nothing. */
    public static final WriteRules USUAL = new WriteRules(Deletes.HARD, NewColumns.ADD);

    /** Those of deletes, and columns as usual. */
    public WriteRules(Deletes deletes) {
        this(deletes, NewColumns.ADD);
    }
}
