package io.sequin.data;

/**
 * How rows are written, as far as users choose it.
 *
 * @param deletes what becomes of rows that the source deleted
 */
public record WriteRules(Deletes deletes) {
    /** What holds where users say nothing. */
    public static final WriteRules USUAL = new WriteRules(Deletes.HARD);
}
