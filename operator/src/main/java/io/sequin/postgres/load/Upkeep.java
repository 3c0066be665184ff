package io.sequin.postgres.load;

/** Work on all rows of a table that may take minutes, and that making sure of it leaves for later. */
public enum Upkeep {
    /** There is none. */
    NONE,
    /** Values move from the overflow column into columns that came later; nothing may be written to the table before. */
    PROMOTE,
    /** Rows that soft deletes marked, and that a person has confirmed, are deleted for good. */
    PURGE,
    /**
     * Some of those rows are kept by something of the user's, or locked, as a notice says: the table goes on, and it is tried
     * again after a while.
     */
    PURGE_REFUSED;

    /** Whether more of it is to be done at once. */
    public boolean isUrgent() {
        return this == PROMOTE || this == PURGE;
    }
}
