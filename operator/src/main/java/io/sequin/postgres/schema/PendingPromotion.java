package io.sequin.postgres.schema;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
@JsonIgnoreProperties(ignoreUnknown = true)
public record PendingPromotion(Set<String> fields, List<String> after) {
    static final PendingPromotion NONE = new PendingPromotion(Set.of(), List.of());

    private static final ObjectMapper JSON = new ObjectMapper();

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
        try {
            return JSON.readValue(json, PendingPromotion.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the record of a promotion is not one that we wrote", e);
        }
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values must be writable as JSON", e);
        }
    }
}
