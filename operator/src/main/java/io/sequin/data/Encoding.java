package io.sequin.data;

/** How a source writes a column's value in its JSON. */
public enum Encoding {
    /** As JSON has it: a string for TEXT, a number for BIGINT, any value for JSONB. */
    PLAIN,
    /** Seconds since 1970 as a JSON number, for TIMESTAMPTZ. */
    EPOCH_SECONDS,
    /** The id of another object, or that object itself with an {@code id} field, for TEXT. */
    REFERENCE,
    /** Any value, for TEXT: a string's content, else the value's JSON. */
    ANY_AS_TEXT
}
