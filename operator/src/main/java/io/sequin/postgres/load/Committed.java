package io.sequin.postgres.load;

import java.util.Map;

/**
 * What a commit did.
 *
 * @param tables status after the commit, of the tables it touched
 * @param changed rows inserted, updated or deleted: re-sent rows that were equal don't count
 */
public record Committed(LaneState lane, Map<String, TableStatus> tables, long changed) {
    public Committed {
        tables = Map.copyOf(tables);
    }
}
