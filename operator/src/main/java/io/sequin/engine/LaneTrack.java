package io.sequin.engine;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.LaneState;
import io.sequin.source.Lane;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a lane stands, and when it may go on. Used by one thread at a time: the lane's own while it runs, the loop's
 * otherwise.
 */
final class LaneTrack {
    private final Lane lane;
    private final Retry retry;
    private @Nullable LaneState state;
    private @Nullable Doubt uncertain;

    /**
     * A commit that may have happened.
     *
     * @param seq the lane's number of commits before it
     * @param touched tables whose rows or phases it changes
     * @param dirty tables of whose dirty keys it changes some
     * @param resets lanes that it sets
     */
    record Doubt(long seq, Set<String> touched, Set<String> dirty, Map<LaneId, Checkpoint> resets) {
        static Doubt of(Batch batch) {
            Set<String> touched = new TreeSet<>(batch.phases().keySet());
            batch.changes().stream().map(Change::table).forEach(touched::add);
            return new Doubt(batch.seq(), touched, batch.dirty().tables(), batch.resets());
        }
    }

    LaneTrack(Lane lane, LaneState state, Retry retry) {
        this.lane = lane;
        this.state = state;
        this.retry = retry;
    }

    Lane lane() {
        return lane;
    }

    Retry retry() {
        return retry;
    }

    /** As committed; empty where the database must be asked. */
    Optional<LaneState> state() {
        return Optional.ofNullable(state);
    }

    void know(LaneState committed) {
        state = committed;
        uncertain = null;
    }

    /** It was set back: the database must be asked before the next use. A doubt can't be settled by its number now. */
    void forget() {
        state = null;
        uncertain = null;
    }

    /** A commit failed, and may have happened. */
    void doubt(Doubt commit) {
        state = null;
        uncertain = commit;
    }

    /** The commit of which nobody knows whether it happened. */
    Optional<Doubt> uncertain() {
        return Optional.ofNullable(uncertain);
    }
}
