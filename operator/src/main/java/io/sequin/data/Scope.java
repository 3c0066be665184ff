package io.sequin.data;

import java.time.Instant;
import java.util.Optional;

/**
 * Which rows of a table a full listing of it brings: a row outside of it is not gone because it was not listed.
 *
 * @param parent whose rows list those of this table; empty: it has a list of its own
 * @param since the listing brings only what was made at or after a time; empty: all there is
 * @param ownSince rows last written before this time may be of another account, which no listing brings any more: they
 *     count as inside; empty: there are none
 * @param word what says that a row is gone which the listing lacks
 */
public record Scope(Optional<Parent> parent, Optional<Since> since, Optional<Instant> ownSince, Word word) {
    /** A list of its own, of all there is. */
    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

    /** Where all rows are the account's own, and the listing's word is enough. */
    public Scope(Optional<Parent> parent, Optional<Since> since) {
        this(parent, since, Optional.empty(), Word.LISTING);
    }

    /** The same where rows last written before may be of another account. */
    public Scope withOwnSince(Instant time) {
        return new Scope(parent, since, Optional.of(time), word);
    }

    /** The same by another word. */
    public Scope by(Word other) {
        return new Scope(parent, since, ownSince, other);
    }

    /** Whether the listing brings all rows that are there, as far as is known. */
    public boolean isWhole() {
        return since.isEmpty() && word != Word.ROW_OF_PARTIAL_LISTING;
    }

    /** What says that a row is gone. */
    public enum Word {
        /** That the listing lacks it. */
        LISTING,
        /** The source's answer for that very row: whatever its lists are said to be, one may leave something out. */
        ROW,
        /** The same; the listing is known to leave rows out. */
        ROW_OF_PARTIAL_LISTING
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
