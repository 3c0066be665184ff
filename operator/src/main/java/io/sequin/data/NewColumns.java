package io.sequin.data;

/** What becomes of a column that a source offers and a table that is there does not have. */
public enum NewColumns {
    /** It is added. */
    ADD,
    /** It is not; its values go to the overflow column. */
    IGNORE
}
