package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one transaction applies.
 *
 * @param seq the lane's number of commits before this one
 * @param after the lane's checkpoint once it is committed
 * @param changes upserts, deletes and sets of children in order of arrival; of several for one key the last wins
 * @param phases tables whose phase changes with this commit
 * @param resets lanes whose checkpoint is set with this commit, whatever it was
 * @param dirty what changes of the keys that are to be fetched later
 * @param met keys by table that a full pass has met beside those of {@code changes}
 */
public record Batch(
        LaneId lane,
        long seq,
        Checkpoint after,
        List<Change> changes,
        Map<String, TablePhase> phases,
        Map<LaneId, Checkpoint> resets,
        DirtyMarks dirty,
        Map<String, Set<RowKey>> met) {
    public Batch {
        changes = List.copyOf(changes);
        phases = Map.copyOf(phases);
        resets = Map.copyOf(resets);
        met = Map.copyOf(met);
    }

    /** One that has met what it changes. */
    public Batch(
            LaneId lane,
            long seq,
            Checkpoint after,
            List<Change> changes,
            Map<String, TablePhase> phases,
            Map<LaneId, Checkpoint> resets,
            DirtyMarks dirty) {
        this(lane, seq, after, changes, phases, resets, dirty, Map.of());
    }

    /** One after which the same keys are dirty as before. */
    public Batch(
            LaneId lane,
            long seq,
            Checkpoint after,
            List<Change> changes,
            Map<String, TablePhase> phases,
            Map<LaneId, Checkpoint> resets) {
        this(lane, seq, after, changes, phases, resets, DirtyMarks.NONE);
    }
}
