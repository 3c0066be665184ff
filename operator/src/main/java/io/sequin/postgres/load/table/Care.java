package io.sequin.postgres.load.table;

/** How a table's rows are written: each is slower than the one before, and gets on where that one failed. */
public enum Care {
    /** By the quickest way. */
    NONE,
    /** Never straight into the table: a key was there already. */
    STAGED,
    /** Each record is tried before, since the server has refused a value. */
    TRIED
}
