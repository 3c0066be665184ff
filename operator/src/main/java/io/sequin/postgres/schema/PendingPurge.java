package io.sequin.postgres.schema;

import java.util.List;

/**
 * Rows marked as deleted that nobody wants any more, as {@code _sync_table.purge} has them.
 *
 * @param code confirms that they go; it stays until they are gone, or deletes are soft again
 * @param confirmed a person has done that: it goes on to its end, though another code is given meanwhile
 * @param after all rows up to this key were gone through, in the server's text; empty: none were
 * @param kept rows among those that something keeps
 */
public record PendingPurge(String code, boolean confirmed, List<String> after, long kept) {
    public PendingPurge {
        after = List.copyOf(after);
    }

    /** Nobody has confirmed it yet. */
    public static PendingPurge of(String code) {
        return new PendingPurge(code, false, List.of(), 0);
    }

    /** The same, confirmed. */
    public PendingPurge asConfirmed() {
        return new PendingPurge(code, true, after, kept);
    }

    /** The same, further on. */
    public PendingPurge upTo(List<String> key, long more) {
        return new PendingPurge(code, confirmed, key, kept + more);
    }

    /** All rows are gone through once more. */
    public PendingPurge again() {
        return new PendingPurge(code, confirmed, List.of(), 0);
    }

    static PendingPurge parse(String json) {
        return StateJson.read(json, PendingPurge.class);
    }

    String json() {
        return StateJson.write(this);
    }
}
