package io.sequin.engine.pass;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.LeftOut;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.Batch;
import io.sequin.source.Lane;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One run of a first pass: which of its tables it fills. A table whose rows can't be had or written is left out, and the
 * others go on. For one thread.
 */
final class PassRun {
    private final LaneTrack track;
    private final Lane lane;
    private final LeftOut leftOut;
    private final Board board;
    private final Set<String> own = new TreeSet<>();
    private final Map<String, LaneException> causes = new LinkedHashMap<>();

    PassRun(LaneTrack track, LeftOut leftOut, Board board) {
        this.track = track;
        this.lane = track.lane();
        this.leftOut = leftOut;
        this.board = board;
    }

    /** Asked anew each time: a commit whose answer was lost may turn out to have recorded some. */
    private Set<String> out() {
        Set<String> out = new TreeSet<>(leftOut.of(lane.id()));
        out.addAll(own);
        return out;
    }

    /** All tables of the lane. */
    Set<String> all() {
        return lane.tables();
    }

    /** The lane without the tables that are left out. */
    Lane lane() {
        return lane.without(out());
    }

    /** Tables that are still to be filled by this run. */
    Set<String> unfilled() {
        Set<String> unfilled = new TreeSet<>(lane().tables());
        unfilled.removeIf(board::isLive);
        return unfilled;
    }

    /** Whether all tables are live, but for those left out. */
    boolean isDone() {
        return unfilled().isEmpty();
    }

    /**
     * Goes on without the table that a failure is about, where that is one of several.
     *
     * @throws LaneException the failure, where the lane must stop for it
     */
    void leaveOut(LaneException failure) {
        Trouble trouble = failure.trouble();
        String table = trouble.table().orElse("");
        boolean passes = trouble.mayPass(track.retry().failures());
        Set<String> others = unfilled();
        others.remove(table);
        if (passes || others.isEmpty() || !lane().tables().contains(table)) {
            throw failure;
        }
        own.add(table);
        if (!board.isLive(table)) {
            // one that is live is kept current by its tail, which meets the same trouble where it matters
            causes.put(table, failure);
            board.failed(lane.id(), trouble);
        }
    }

    /** Why a table was left out by this run, as {@link LaneException#soonest}. */
    Optional<LaneException> cause() {
        return LaneException.soonest(causes.values().stream());
    }

    /** The same, where the run has stopped for a table: for that, or for one that was left out before. */
    LaneException cause(LaneException stopped) {
        return LaneException.soonest(Stream.concat(Stream.of(stopped), causes.values().stream()))
                .orElse(stopped);
    }

    /**
     * What is committed of what was read. Rows of a table that is live are left out where it does not take any: its dirty
     * keys bring them later.
     *
     * @param end the listing is complete: what was filled is live, and for what was left out all starts again
     */
    Committer.Decided decide(long seq, List<Answer> read, Checkpoint position, boolean end, RequestOrder order) {
        Set<String> out = out();
        List<Answer> kept = read.stream()
                .map(answer -> new Answer(
                        answer.number(),
                        answer.changes().stream()
                                .filter(change -> !out.contains(change.table()) && takes(change.table()))
                                .toList()))
                .toList();
        Map<String, TablePhase> phases = new HashMap<>();
        Map<LaneId, Checkpoint> resets = new HashMap<>();
        if (end) {
            lane().tables().forEach(table -> phases.put(table, TablePhase.LIVE));
        }
        boolean again = end && !out.isEmpty();
        Set<String> keep = again ? Set.of() : out;
        if (!keep.equals(leftOut.of(lane.id()))) {
            resets.put(LeftOut.lane(lane.id()), LeftOut.record(keep));
        }
        RequestOrder.Admitted admitted = order.admit(kept);
        Batch batch = new Batch(lane.id(), seq, again ? lane.start() : position, admitted.changes(), phases, resets);
        return new Committer.Decided(batch, admitted);
    }

    private boolean takes(String table) {
        return !board.isLive(table) || board.takesRows(table);
    }
}
