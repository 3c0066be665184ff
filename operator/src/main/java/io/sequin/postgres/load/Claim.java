package io.sequin.postgres.load;

import io.sequin.data.AccountId;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import java.util.Map;
import java.util.Optional;

/**
 * The state found when the schema was taken.
 *
 * @param storageId identity of the data set
 * @param account the source account whose data it holds; empty for a new one
 * @param lanes by id
 * @param tables by name
 * @param dirty number of dirty keys by table; a table without any is missing
 */
public record Claim(
        String storageId,
        Optional<AccountId> account,
        Map<LaneId, LaneState> lanes,
        Map<String, TableStatus> tables,
        Map<String, Long> dirty) {
    public Claim {
        lanes = Map.copyOf(lanes);
        tables = Map.copyOf(tables);
        dirty = Map.copyOf(dirty);
    }

    /** Whether a table is recorded as one that is filled, and not as one that is kept only. */
    public boolean isFilled(String table) {
        TableStatus status = tables.get(table);
        return status != null && status.phase() != TablePhase.RETAINED;
    }
}
