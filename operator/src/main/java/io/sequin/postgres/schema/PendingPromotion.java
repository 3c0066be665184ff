package io.sequin.postgres.schema;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stored overflow values that are to move into columns, as {@code _sync_table.promotion} has it.
 *
 * @param fields by the source's names
 * @param after all rows up to this key are done, in the server's text; empty: none are
 */
public record PendingPromotion(Set<String> fields, List<String> after) {
    static final PendingPromotion NONE = new PendingPromotion(Set.of(), List.of());

    public PendingPromotion {
        fields = Collections.unmodifiableSet(new TreeSet<>(fields));
        after = List.copyOf(after);
    }

    /** With more fields all rows are gone through again. */
    PendingPromotion and(Collection<String> more) {
        Set<String> all = new TreeSet<>(fields);
        return all.addAll(more) ? new PendingPromotion(all, List.of()) : this;
    }

    /** The same, further on. */
    public PendingPromotion upTo(List<String> key) {
        return new PendingPromotion(fields, key);
    }

    static PendingPromotion parse(String json) {
        return StateJson.read(json, PendingPromotion.class);
    }

    String json() {
        return StateJson.write(this);
    }
}
