package io.sequin.engine.resync;

import static io.sequin.engine.trouble.Trouble.atDestination;

import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.SmallMap;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.commit.PermitLostException;
import io.sequin.engine.fetch.Gathered;
import io.sequin.engine.fetch.Gatherer;
import io.sequin.engine.fetch.ReadAhead;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.loop.RunPermit;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.ResyncState;
import io.sequin.source.Lane;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs live tables again, in place, beside their tails: lists them from the start to the end, then deletes what neither
 * the listing nor the tails have met and the source, asked for the very rows, does not have either. Goes on where it was
 * after whatever failed, as long as the database still has all that was met; else it starts again, and deletes nothing
 * before.
 */
public final class ResyncPass {
    private static final Logger LOG = LoggerFactory.getLogger(ResyncPass.class);

    /** What waits for a person is looked at again, though nobody has edited anything. */
    private static final Duration ASK_AGAIN = Duration.ofMinutes(10);

    /** After this time it is looked again whether other lanes have committed what they had asked for. */
    private static final Duration LANDING = Duration.ofSeconds(1);

    private final OpenSync sync;
    private final Committer committer;
    private final Gatherer gatherer;
    private final StillThere stillThere;
    private final Board board;
    private final EngineParts parts;
    private final RunPermit permit;
    /** By lane, of passes that are about to start: the number of the last request sent before. */
    private final SmallMap<LaneId, Long> before = new SmallMap<>();

    public ResyncPass(OpenSync sync, Committer committer, Board board, EngineParts parts, RunPermit permit) {
        this.sync = sync;
        this.committer = committer;
        this.gatherer = new Gatherer(sync, committer.order(), board, parts);
        this.stillThere = new StillThere(sync, committer, board, parts);
        this.board = board;
        this.parts = parts;
        this.permit = permit;
    }

    /**
     * Runs until its tables are done, or have to wait for something: then it may be run again.
     *
     * @throws LaneException where something failed, or a person must confirm the deletes
     */
    public void run(LaneTrack track) throws InterruptedException {
        committer.settle(track);
        boolean alone = sync.resyncs().mayHoldOthers(track).isEmpty();
        // asked once: what a tail says meanwhile must not make a list of nothing out of one that was not read
        boolean empty = all(track, table -> board.table(table).isEmptyAtSource());
        if (empty && alone) {
            finish(track);
            return;
        }
        try {
            go(track, empty);
        } catch (LaneException e) {
            if (e.trouble().code() != SourceProblem.NOT_OFFERED || !alone || !all(track, board::isNotOffered)) {
                throw e;
            }
            // the list says so, too: there is nothing to read, and what there was stays
            finish(track);
        }
    }

    /** @param empty there is nothing to list: then whatever another account has left is gone */
    private void go(LaneTrack track, boolean empty) throws InterruptedException {
        Passes.Listing what = sync.resyncs().extent(track);
        switch (resume(track, what)) {
            case Passes.Resumed.Over over -> done(track, over.state());
            case Passes.Resumed.Going going -> {
                LaneState at = committer.state(track);
                if ((going.complete() || list(at, track, empty)) && sweep(track)) {
                    finish(track);
                }
            }
            case Passes.Resumed.Anew anew -> {
                if (!mayStart(track.lane())) {
                    track.retry().rest(parts.clock().instant(), LANDING);
                } else if (list(start(track, what), track, empty) && sweep(track)) {
                    finish(track);
                }
            }
        }
    }

    private Passes.Resumed resume(LaneTrack track, Passes.Listing what) throws InterruptedException {
        Passes.Resumed found = alone(track, () -> passes().resume(track.lane().id(), what));
        return found instanceof Passes.Resumed.Going && !isWhole(track) ? new Passes.Resumed.Anew() : found;
    }

    /** While others go on: to count all that it has met takes a while. */
    private boolean isWhole(LaneTrack track) throws InterruptedException {
        return atDestination(() -> passes().isWhole(track.lane().id()));
    }

    /** While others go on: there may be as much as the tables have rows. */
    private void forget(LaneTrack track) throws InterruptedException {
        require();
        atDestination(() -> {
            passes().forget(track.lane().tables());
            return true;
        });
    }

    private static boolean all(LaneTrack track, Predicate<String> tables) {
        return track.lane().tables().stream().allMatch(tables);
    }

    private void finish(LaneTrack track) throws InterruptedException {
        Lane lane = track.lane();
        done(track, alone(track, () -> passes().finish(lane.id(), lane.tables())));
    }

    private void done(LaneTrack track, ResyncState state) throws InterruptedException {
        board.resync().done(state);
        board.isWell(track.lane().id());
        LOG.info("synced again: {}", track.lane().tables());
        try {
            forget(track);
        } catch (LaneException e) {
            // of no harm: the next opening or re-sync forgets it
            LOG.info(
                    "what was met of {} is not forgotten yet: {}",
                    track.lane().tables(),
                    e.trouble().problem().message());
        }
    }

    private <T> T alone(LaneTrack track, Supplier<T> work) throws InterruptedException {
        return committer.alone(track, track.lane().tables(), work);
    }

    /** Lists to the end; false: it has to wait for others. */
    private boolean list(LaneState from, LaneTrack track, boolean empty) throws InterruptedException {
        if (!empty && !listFrom(from, track)) {
            return false;
        }
        require();
        return atDestination(() -> {
            passes().complete(track.lane().id());
            return true;
        });
    }

    /** Lists the rest; false: a table does not take rows now. */
    private boolean listFrom(LaneState begin, LaneTrack track) throws InterruptedException {
        Lane lane = track.lane();
        Lane listing = sync.resyncs().listing(track);
        LaneState at = begin;
        boolean end = false;
        try (ReadAhead ahead = new ReadAhead(gatherer, listing)) {
            while (!end) {
                try (Gathered gathered =
                        ahead.next(listing, at.checkpoint(), track.size().rows())) {
                    ahead.begin(listing, gathered, track.size().rows());
                    Optional<LaneState> done = committer.commit(
                            track,
                            new ResyncStep(lane, at.seq(), gathered.answers(), gathered.position(), Map.of(), board));
                    if (done.isEmpty()) {
                        return false;
                    }
                    at = done.get();
                    board.resync().advanced(lane.tables());
                    end = gathered.end();
                }
            }
        }
        return true;
    }

    /**
     * Whether all that was asked for before is committed, or thrown away: an older answer could bring a row back, or count
     * it as met, that was gone before the pass began.
     */
    private boolean mayStart(Lane lane) {
        long number = before.computeIfAbsent(lane.id(), l -> committer.order().last());
        return committer.order().isLanded(lane.tables(), number);
    }

    private LaneState start(LaneTrack track, Passes.Listing what) throws InterruptedException {
        Lane lane = track.lane();
        before.remove(lane.id());
        forget(track);
        LaneState at = alone(track, () -> passes().start(lane.id(), what, lane.start()));
        track.know(at);
        return at;
    }

    /** Deletes what was not met; false: it has to start again, or to wait for others. */
    private boolean sweep(LaneTrack track) throws InterruptedException {
        if (!isWhole(track)) {
            return lost(track);
        }
        for (String table : parentsFirst(track.lane())) {
            if (!sweep(track, table)) {
                return false;
            }
        }
        return true;
    }

    private boolean sweep(LaneTrack track, String table) throws InterruptedException {
        LaneId lane = track.lane().id();
        Passes.Sweep sweep = new Passes.Sweep(
                lane, table, sync.resyncs().scopes(), sync.resyncs().guard());
        Set<String> tables = new TreeSet<>(sync.resyncs().withChildren(table));
        tables.retainAll(sync.shapes().keySet());
        while (true) {
            switch (committer.sweep(track, sweep, tables)) {
                case Passes.Swept.Done done -> {
                    swept(track, table, tables);
                    return true;
                }
                case Passes.Swept.Ask ask -> {
                    if (!stillThere.ask(track, table, ask.keys())) {
                        return false;
                    }
                    board.looked(lane, table);
                }
                case Passes.Swept.More more -> board.looked(lane, table);
                case Passes.Swept.Some some -> swept(track, table, tables);
                case Passes.Swept.Lost lost -> {
                    return lost(track);
                }
                case Passes.Swept.Refused refused -> throw waiting(table, refused.why());
            }
        }
    }

    /** Nothing keeps its rows, nor those of its children, from being deleted. */
    private void swept(LaneTrack track, String table, Set<String> withChildren) {
        board.resync().advanced(Set.of(table));
        withChildren.forEach(each -> board.looked(track.lane().id(), each));
    }

    private static boolean lost(LaneTrack track) {
        LOG.warn(
                "what the re-sync of {} had met is lost: it starts again, nothing is deleted",
                track.lane().tables());
        track.forget();
        return false;
    }

    private LaneException waiting(String table, Problem why) {
        Problem later = why.retryingAt(parts.clock().instant().plus(ASK_AGAIN));
        return new LaneException(new Trouble(Trouble.Area.SCHEMA, Optional.of(table), later));
    }

    /** What is deleted of parents takes their children along. */
    private List<String> parentsFirst(Lane lane) {
        return lane.tables().stream()
                .sorted(Comparator.comparing(
                                (String table) -> sync.shape(table).parent().isPresent())
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private Passes passes() {
        return sync.destination().passes();
    }

    private void require() {
        if (!permit.granted()) {
            throw new PermitLostException();
        }
    }
}
