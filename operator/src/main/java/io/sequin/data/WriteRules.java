package io.sequin.data;

import java.util.Optional;

/**
 * How rows are written, as far as users choose it.
 *
 * @param deletes what becomes of rows that the source deleted
 * @param newColumns what becomes of columns that a table does not have yet
 * @param confirm the code of rows marked as deleted that a person wants to be purged
 */
public record WriteRules(Deletes deletes, NewColumns newColumns, Optional<String> confirm) {
    /** What holds where users say nothing. */
    public static final WriteRules USUAL = new WriteRules(Deletes.HARD, NewColumns.ADD);

    /** Nothing is to be purged. */
    public WriteRules(Deletes deletes, NewColumns newColumns) {
        this(deletes, newColumns, Optional.empty());
    }

    /** Those of deletes, and all else as usual. */
    public WriteRules(Deletes deletes) {
        this(deletes, NewColumns.ADD);
    }
}
