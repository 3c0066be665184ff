package io.sequin.postgres.load;

import java.util.Map;

/**
 * What a commit did.
 *
 * @param tables status after the commit, of the tables it touched
 * @param dirty by how many keys more than before are dirty, or less, by table
 * @param changed rows inserted, updated or deleted: re-sent rows that were equal don't count
 */
public record Committed(LaneState lane, Map<String, TableStatus> tables, Map<String, Long> dirty, long changed) {
    public Committed {
        tables = Map.copyOf(tables);
        dirty = Map.copyOf(dirty);
    }

    /** One after which the same keys are dirty as before. */
    public Committed(LaneState lane, Map<String, TableStatus> tables, long changed) {
        this(lane, tables, Map.of(), changed);
    }
}
