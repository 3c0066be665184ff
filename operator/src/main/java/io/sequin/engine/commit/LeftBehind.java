package io.sequin.engine.commit;

import io.sequin.engine.board.Board;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.LaneState;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves tables behind that stop a lane of several: what happens to such a table gets dirty, and its own lane tries again
 * after a backoff, while this one goes on.
 */
public final class LeftBehind {
    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

    private final OpenSync sync;
    private final Committer committer;
    private final Board board;
    private final Clock clock;

    public LeftBehind(OpenSync sync, Committer committer, Board board, Clock clock) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.clock = clock;
    }

    /**
     * Commits what a lane has; where tables refuse it, all but for those.
     *
     * @param own tables without which it is of no use
     * @param step by the lane's state and the tables that have refused it
     * @return the lane as committed; empty where the step decided for nothing
     * @throws LaneException where one of its own tables refuses it, or no table is what failed
     */
    public Optional<LaneState> commit(
            LaneTrack track, Set<String> own, BiFunction<LaneState, Set<String>, Committer.Step> step)
            throws InterruptedException {
        Set<String> refused = new HashSet<>();
        while (true) {
            LaneState at = committer.state(track);
            try {
                return committer.commit(track, step.apply(at, refused));
            } catch (LaneException e) {
                String table = e.trouble().table().orElseThrow(() -> e);
                if (own.contains(table) || !refused.add(table)) {
                    throw e;
                }
                add(track, table, e.trouble());
            }
        }
    }

    /**
     * The table's trouble stops that table only.
     *
     * @param track the lane that met it
     * @throws LaneException the same, where it is expected to pass and the lane has not waited for that often
     */
    public void add(LaneTrack track, String table, Trouble trouble) {
        LaneTrack firstPass = sync.firstPass(table);
        if (board.takesRows(table)) {
            if (trouble.mayPass(track.retry().failures())) {
                throw new LaneException(trouble);
            }
            LOG.warn("table {} is left behind: {}", table, trouble.problem().message());
            firstPass.retry().failBeside(trouble, clock.instant());
        }
        board.failed(firstPass.lane().id(), trouble);
    }
}
