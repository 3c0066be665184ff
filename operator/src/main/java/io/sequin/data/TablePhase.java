package io.sequin.data;

/** How far a table has come; kept in the database. */
public enum TablePhase {
    /** Its first pass has not reached the end, or must be repeated. */
    FIRST_PASS,
    /** Its first pass is complete; changes keep it current. */
    LIVE
}
