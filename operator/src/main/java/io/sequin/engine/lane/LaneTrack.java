package io.sequin.engine.lane;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.trouble.Retry;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.PieceSize;
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
public final class LaneTrack {
    private final Lane lane;
    private final Retry retry;
    private final PieceSize size = new PieceSize(Integer.MAX_VALUE);
    private @Nullable LaneState state;
    private @Nullable Doubt uncertain;

    /**
     * A commit that may have happened.
     *
     * @param tables all that it is about
     * @param seq the lane's number of commits before it
     * @param touched tables whose rows or phases it changes
     * @param dirty tables of whose dirty keys it changes some
     * @param resets lanes that it sets
     * @param applied what counts as applied where it did
     */
    public record Doubt(
            Set<String> tables,
            long seq,
            Set<String> touched,
            Set<String> dirty,
            Map<LaneId, Checkpoint> resets,
            RequestOrder.Admitted applied) {
        /** Of a batch. */
        public static Doubt of(Set<String> tables, Batch batch, RequestOrder.Admitted applied) {
            Set<String> touched = new TreeSet<>(batch.phases().keySet());
            batch.changes().stream().map(Change::table).forEach(touched::add);
            return new Doubt(tables, batch.seq(), touched, batch.dirty().tables(), batch.resets(), applied);
        }

        /** Of a sweep, which may delete rows of all its tables. */
        public static Doubt ofSweep(Set<String> tables, long seq) {
            return new Doubt(tables, seq, tables, Set.of(), Map.of(), RequestOrder.Admitted.NOTHING);
        }
    }

    public LaneTrack(Lane lane, LaneState state, Retry retry) {
        this.lane = lane;
        this.state = state;
        this.retry = retry;
    }

    /** As the source planned it. */
    public Lane lane() {
        return lane;
    }

    /** When it may go on. */
    public Retry retry() {
        return retry;
    }

    /** How many changes it commits at once, where settings don't allow less. */
    public PieceSize size() {
        return size;
    }

    /** As committed; empty where the database must be asked. */
    public Optional<LaneState> state() {
        return Optional.ofNullable(state);
    }

    /** Its last commit is known. */
    public void know(LaneState committed) {
        state = committed;
        uncertain = null;
    }

    /** It was set back: the database must be asked before the next use. A doubt can't be settled by its number now. */
    public void forget() {
        state = null;
        uncertain = null;
    }

    /** A commit failed, and may have happened. */
    public void doubt(Doubt commit) {
        state = null;
        uncertain = commit;
    }

    /** The commit of which nobody knows whether it happened. */
    public Optional<Doubt> uncertain() {
        return Optional.ofNullable(uncertain);
    }
}
