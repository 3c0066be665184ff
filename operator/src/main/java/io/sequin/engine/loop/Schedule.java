package io.sequin.engine.loop;

import io.sequin.engine.board.Board;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.pass.Keeper;
import io.sequin.source.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which lane runs when; no I/O. Any lanes may run at once, of each sort so many: lanes that list tables, lanes
 * that catch up with tables that were listed, re-syncs, tails. So neither waits for the others. Of several tails the one that has
 * waited longest comes first. For the loop's turns.
 */
final class Schedule {
    /** A loop with nothing to wait for looks around that often. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** A lane that runs for longer does not keep the turn, and so the tails, waiting for its end. */
    static final Duration LONG = Duration.ofSeconds(10);

    private final OpenSync sync;
    private final Keeper keeper;
    private final Board board;
    private final int most;
    /** Made for one lane, as most Syncs run at a time; both grow. */
    private final Set<LaneTrack> polled = HashSet.newHashSet(1);

    private final Map<LaneTrack, Instant> since = HashMap.newHashMap(1);

    /** @param most lanes of each sort that run at once */
    Schedule(OpenSync sync, Keeper keeper, Board board, int most) {
        this.sync = sync;
        this.keeper = keeper;
        this.board = board;
        this.most = most;
    }

    /** A turn of the loop begins: each tail may be polled once more. */
    void newTurn() {
        polled.clear();
    }

    /** The lane to start next, beside those that are active; call {@link #started} for it. */
    Optional<LaneTrack> next(Instant now, Set<LaneTrack> active) {
        return first(now, active, this::isListing)
                .or(() -> first(now, active, this::isCatchingUp))
                .or(() -> resync(now, active))
                .or(() -> tail(now, active, Schedule::isFollowing))
                .or(() -> tail(now, active, Schedule::isReadingRows));
    }

    private Optional<LaneTrack> tail(Instant now, Set<LaneTrack> active, Predicate<LaneTrack> sort) {
        return count(active, sort) >= most
                ? Optional.empty()
                : sync.tails().stream()
                        .filter(tail -> sort.test(tail) && !active.contains(tail))
                        .filter(tail -> tail.retry().isDue(now) && mayRun(tail, active, now))
                        .min(Comparator.comparing(tail -> tail.retry().due()));
    }

    private Optional<LaneTrack> first(Instant now, Set<LaneTrack> active, Predicate<LaneTrack> sort) {
        return count(active, sort) >= most
                ? Optional.empty()
                : sync.passes().stream()
                        .filter(pass -> sort.test(pass) && !active.contains(pass))
                        .filter(pass -> pass.retry().isDue(now) && keeper.isNeeded(pass, now))
                        .findFirst();
    }

    private Optional<LaneTrack> resync(Instant now, Set<LaneTrack> active) {
        return count(active, this::isResync) >= most
                ? Optional.empty()
                : sync.resyncs().tracks().stream()
                        .filter(track ->
                                !active.contains(track) && track.retry().isDue(now))
                        .filter(this::isNeeded)
                        .findFirst();
    }

    private boolean isNeeded(LaneTrack resync) {
        Set<String> tables = resync.lane().tables();
        boolean settled = tables.stream().allMatch(table -> board.table(table).isSettled());
        return tables.stream().anyMatch(board.resync()::isLeft)
                && ((settled && knowsParents(resync)) || tables.stream().allMatch(board::isNotOffered));
    }

    /** While they are not filled nobody could say which rows are gone: they are filled first. */
    private boolean knowsParents(LaneTrack resync) {
        return sync.resyncs().parents(resync).stream()
                .allMatch(parent -> board.isLive(parent) || board.table(parent).isEmptyAtSource());
    }

    private boolean isResync(LaneTrack track) {
        return sync.resyncs().tracks().contains(track);
    }

    private static long count(Set<LaneTrack> active, Predicate<LaneTrack> sort) {
        return active.stream().filter(sort).count();
    }

    private static boolean isTail(LaneTrack track) {
        return track.lane().kind() == Lane.Kind.TAIL;
    }

    /** Nothing else shows most changes, and each poll is short. */
    private static boolean isFollowing(LaneTrack track) {
        return isTail(track) && track.lane().hintsAlone();
    }

    /** May walk a whole table. */
    private static boolean isReadingRows(LaneTrack track) {
        return isTail(track) && !isFollowing(track);
    }

    private boolean isListing(LaneTrack track) {
        return isFirstPass(track) && !track.lane().tables().stream().allMatch(board::isLive);
    }

    private boolean isCatchingUp(LaneTrack track) {
        return isFirstPass(track) && !isListing(track);
    }

    private boolean isFirstPass(LaneTrack track) {
        return !isTail(track) && !isResync(track);
    }

    void started(LaneTrack track, Instant now) {
        since.put(track, now);
        if (isTail(track)) {
            polled.add(track);
        }
    }

    /** Until the next one is due. */
    Duration untilNext(Instant now) {
        List<Duration> waits = new ArrayList<>();
        sync.passes().forEach(pass -> keeper.until(pass, now).ifPresent(waits::add));
        sync.resyncs().tracks().stream()
                .filter(this::isNeeded)
                .forEach(track -> waits.add(track.retry().until(now)));
        sync.tails().stream()
                .filter(this::isWanted)
                .forEach(tail -> waits.add(tail.retry().until(now)));
        waits.add(LONGEST);
        return waits.stream().min(Comparator.naturalOrder()).orElse(LONGEST);
    }

    /** In one turn a tail runs once, so that turns end; but again and again while a lane of another sort is active. */
    private boolean mayRun(LaneTrack tail, Set<LaneTrack> active, Instant now) {
        return isWanted(tail)
                && (!polled.contains(tail) || active.stream().anyMatch(other -> keepsTheTurn(other, tail, now)));
    }

    /** Those that read rows run again for no sort of tails: the two could keep the turn for ever. */
    private boolean keepsTheTurn(LaneTrack active, LaneTrack tail, Instant now) {
        return !isTail(active)
                || (isFollowing(tail) && !isFollowing(active))
                || since.getOrDefault(active, now).isBefore(now.minus(LONG));
    }

    /** A tail with a rhythm of its own brings rows, and is of no use while none of its tables takes any. */
    private boolean isWanted(LaneTrack tail) {
        return !tail.lane().every().isPositive()
                || tail.lane().tables().stream().anyMatch(board::takesRows);
    }
}
