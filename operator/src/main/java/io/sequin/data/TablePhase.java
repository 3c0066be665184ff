package io.sequin.data;

/** How far a table has come; kept in the database. */
public enum TablePhase {
    /** Its first pass has not reached the end, or must be repeated. */
    FIRST_PASS,
    /** Its first pass is complete; changes keep it current. */
    LIVE,
    /** It is not selected: its rows stay as they are, and go stale. Selected again, it starts with its first pass. */
    RETAINED
}
