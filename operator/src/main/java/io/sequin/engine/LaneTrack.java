package io.sequin.engine;

import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.LaneState;
import io.sequin.source.Lane;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a lane stands, and when it may go on. Used by one thread at a time: the lane's own while it runs, the loop's
 * otherwise.
 */
final class LaneTrack {
    private final Lane lane;
    private final Retry retry;
    private @Nullable LaneState state;
    private @Nullable Batch uncertain;

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

    /** A commit of this batch failed, and may have happened. */
    void doubt(Batch batch) {
        state = null;
        uncertain = batch;
    }

    /** The batch of which nobody knows whether it was committed. */
    Optional<Batch> uncertain() {
        return Optional.ofNullable(uncertain);
    }
}
