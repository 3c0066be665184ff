package io.sequin.engine.pass;

import io.sequin.data.Change;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps the tables of a first pass complete: does what making sure of them has left, lists those that are not live, then
 * fetches what got dirty meanwhile, or while a table did not take rows.
 */
public final class Keeper {
    private final Committer committer;
    private final TableWork work;
    private final FirstPass pass;
    private final ListAgain listAgain;
    private final CatchUp catchUp;
    private final Board board;

    public Keeper(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.committer = committer;
        this.work = new TableWork(committer, board, parts);
        this.pass = new FirstPass(sync, committer, work, board, parts);
        this.listAgain = new ListAgain(committer, board, parts);
        this.catchUp = new CatchUp(sync, committer, board, parts);
        this.board = board;
    }

    /** Whether a lane has something to do now. */
    public boolean isNeeded(LaneTrack track, Instant now) {
        return track.lane().tables().stream()
                .anyMatch(table -> !board.table(table).isSettled()
                        || work.isDue(table, now)
                        || catchUp.stuck().isDue(table, now));
    }

    /** Until a lane has something to do; empty: it has not, unless something happens. */
    public Optional<Duration> until(LaneTrack track, Instant now) {
        Duration lane = track.retry().until(now);
        if (!track.lane().tables().stream().allMatch(table -> board.table(table).isSettled())) {
            return Optional.of(lane);
        }
        return track.lane().tables().stream()
                .flatMap(table -> Stream.concat(
                        catchUp.stuck().until(table, now).stream(),
                        work.isRefused(table) ? Stream.of(work.until(table, now)) : Stream.empty()))
                .min(Comparator.naturalOrder())
                .map(wait -> wait.compareTo(lane) > 0 ? wait : lane);
    }

    /** Whether a row could not be had, though others of its table could: it is asked for again from time to time. */
    public boolean isStuck(Change.Hint row) {
        return catchUp.stuck().keys(row.table()).contains(row.key());
    }

    /** Asked to try again what was refused. */
    public void wake(Instant now) {
        work.wake(now);
        catchUp.stuck().wake(now);
    }

    /**
     * Runs until its tables are up to date.
     *
     * @throws LaneException where something failed; what can be done without it was done, and the lane can be run again
     */
    public void run(LaneTrack track) throws InterruptedException {
        lookAgain(track);
        Optional<LaneException> tending = tend(track);
        listAgain.run(track);
        Optional<LaneException> listing = list(track);
        Optional<LaneException> fetching = catchUp.run(track);
        Optional<LaneException> cause =
                LaneException.soonest(Stream.of(tending, listing, fetching).flatMap(Optional::stream));
        if (cause.isPresent()) {
            throw cause.get();
        }
        board.finished(track.lane());
    }

    /** What is known of a table that somebody has altered may not hold any more. */
    private void lookAgain(LaneTrack track) throws InterruptedException {
        for (String table : track.lane().tables()) {
            if (!board.table(table).isAltered()) {
                continue;
            }
            try {
                committer.lookAgain(track, table);
            } catch (LaneException e) {
                board.refused(table, e.ofTable().trouble());
            }
        }
    }

    /** Of tables that are live: one whose rows something keeps as they are stops no other. */
    private Optional<LaneException> tend(LaneTrack track) throws InterruptedException {
        List<LaneException> failures = new ArrayList<>();
        for (String table : track.lane().tables()) {
            if (!board.isLive(table)) {
                continue;
            }
            try {
                work.run(table);
            } catch (LaneException e) {
                board.failed(track.lane().id(), e.ofTable().trouble());
                failures.add(e);
            }
        }
        return LaneException.soonest(failures.stream());
    }

    private Optional<LaneException> list(LaneTrack track) throws InterruptedException {
        try {
            pass.run(track);
            return Optional.empty();
        } catch (LaneException e) {
            return Optional.of(e.ofTable());
        }
    }
}
