package io.sequin.engine.pass;

import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.fetch.Gathered;
import io.sequin.engine.fetch.Gatherer;
import io.sequin.engine.fetch.ReadAhead;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.postgres.load.LaneState;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the tables of one lane from where it stands to the end. Pages are gathered first, then committed together, while
 * the next are fetched. Rows of a parent and of its children share a commit.
 */
final class FirstPass {
    private final OpenSync sync;
    private final Committer committer;
    private final TableWork work;
    private final Board board;
    private final Gatherer gatherer;

    FirstPass(OpenSync sync, Committer committer, TableWork work, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.work = work;
        this.board = board;
        this.gatherer = new Gatherer(sync, committer.order(), board, parts);
    }

    /**
     * Runs until its tables are live.
     *
     * @throws LaneException where something failed, or a table was left out; the lane can be run again and goes on from
     *     the last commit
     */
    void run(LaneTrack track) throws InterruptedException {
        Optional<LaneException> cause = Optional.empty();
        while (cause.isEmpty() && !track.lane().tables().stream().allMatch(board::isLive)) {
            PassRun run = new PassRun(track, sync.leftOut(), board);
            try {
                fill(track, run);
            } catch (LaneException e) {
                // shown here: what the lane waits for may be another table's
                board.failed(track.lane().id(), e.ofTable().trouble());
                throw run.cause(e);
            }
            cause = run.cause();
        }
        if (cause.isPresent()) {
            throw cause.get();
        }
    }

    private void fill(LaneTrack track, PassRun run) throws InterruptedException {
        for (String table : track.lane().tables()) {
            try {
                committer.prepare(track, table);
                // also of one that was made sure of just now: rows must not come before their values have moved
                work.run(table);
            } catch (LaneException e) {
                run.leaveOut(e);
            }
        }
        LaneState at = committer.state(track);
        if (run.isDone() && sync.leftOut().of(track.lane().id()).isEmpty()) {
            // an answer that was lost said so
            return;
        }
        // the first batch is small, so that progress shows soon
        boolean first = true;
        try (ReadAhead ahead = new ReadAhead(gatherer, track.lane())) {
            do {
                run.unfilled().forEach(board::started);
                try (Gathered gathered = ahead.next(
                        run.lane(), at.checkpoint(), first ? 1 : track.size().rows())) {
                    ahead.begin(run.lane(), gathered, track.size().rows());
                    at = committer
                            .commit(track, new Step(run, at.seq(), gathered))
                            .orElseThrow();
                    board.advanced(track.lane(), run.lane().tables());
                    first = false;
                } catch (LaneException e) {
                    ahead.discard();
                    run.leaveOut(e);
                    at = committer.state(track);
                }
            } while (!run.isDone());
        }
    }

    /** One commit of a pass. */
    private record Step(PassRun run, long seq, Gathered gathered) implements Committer.Step {
        @Override
        public Set<String> tables() {
            return run.all();
        }

        @Override
        public Optional<Committer.Decided> decide(RequestOrder order) {
            return Optional.of(run.decide(seq, gathered.answers(), gathered.position(), gathered.end(), order));
        }
    }
}
