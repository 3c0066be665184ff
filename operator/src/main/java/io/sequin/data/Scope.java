package io.sequin.data;

import java.time.Instant;
import java.util.Optional;

/**
 * Which rows of a table a full listing of it brings: a row outside of it is not gone because it was not listed.
 *
 * @param parent whose rows list those of this table; empty: it has a list of its own
 * @param since the listing brings only what was made at or after a time; empty: all there is
 */
public record Scope(Optional<Parent> parent, Optional<Since> since) {
    /** A list of its own, of all there is. */
    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

    /** The same of all there is. */
    public Scope whole() {
        return new Scope(parent, Optional.empty());
    }

    /**
     * What a table is listed by.
     *
     * @param table the other table
     * @param column of this one, that holds the other's key, which is one text column
     */
    public record Parent(String table, String column) {}

    /**
     * Where a listing begins.
     *
     * @param column when a row was made: of the table itself, or of the one that it is listed by
     */
    public record Since(String column, Instant floor) {}
}
