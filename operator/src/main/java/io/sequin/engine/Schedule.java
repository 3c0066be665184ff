package io.sequin.engine;

import io.sequin.source.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which lane runs when; no I/O. Lanes that share a table never run at once, so a tail and the first passes of its
 * tables take turns. First passes come first; a tail that could run waits for each of them once at most. Of several tails
 * the one that has waited longest comes first. A tail with a rhythm of its own, whose walks may be long, gives way to
 * others and goes on after them. For the loop's thread.
 */
final class Schedule {
    /** A loop with nothing to wait for looks around that often. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** A first pass that failed so often in a row does not hold up the other tables any longer. */
    static final int PATIENCE = 5;

    /** A poll that takes longer does not keep the turn, and so the other tails, waiting for its end. */
    static final Duration LONG = Duration.ofSeconds(10);

    /** So long a tail with a rhythm of its own runs at least, though another waits: both get on. */
    static final Duration SLICE = Duration.ofSeconds(3);

    private final OpenSync sync;
    private final Board board;
    private final int most;
    private final Set<LaneTrack> tried = new HashSet<>();
    private final Set<LaneTrack> polled = new HashSet<>();
    private final Map<LaneTrack, Instant> since = new HashMap<>();

    /** @param most first passes that run at once, and as many tails */
    Schedule(OpenSync sync, Board board, int most) {
        this.sync = sync;
        this.board = board;
        this.most = most;
    }

    /** A turn of the loop begins: everything may be tried once more. */
    void newTurn() {
        tried.clear();
        polled.clear();
    }

    /** The lane to start next, beside those that are active; call {@link #started} for it. */
    Optional<LaneTrack> next(Instant now, Set<LaneTrack> active) {
        List<LaneTrack> waiting = sync.tails().stream()
                .filter(tail -> tail.retry().isDue(now) && !active.contains(tail) && mayRun(tail, active, now))
                .sorted(Comparator.comparing(tail -> tail.retry().due()))
                .toList();
        giveChances(now, waiting);
        Optional<LaneTrack> pass = sync.passes().stream()
                .filter(p -> !active.contains(p) && !isLive(p) && p.retry().isDue(now))
                .filter(p -> !tried.contains(p) || !sharesWith(p, waiting))
                .filter(p -> !sharesWith(p, active) && count(Lane.Kind.FIRST_PASS, active) < most)
                .findFirst();
        return pass.or(() -> waiting.stream()
                .filter(t -> !sharesWith(t, active) && count(Lane.Kind.TAIL, active) < most)
                .filter(t -> !cutsIn(t, waiting, active))
                .findFirst());
    }

    /** Of the active, the tails to stop soon, since others wait for their tables. */
    List<LaneTrack> toGiveWay(Instant now, Set<LaneTrack> active) {
        List<LaneTrack> waiting = sync.tails().stream()
                .filter(tail -> tail.retry().isDue(now) && !active.contains(tail) && tablesAreReady(tail))
                .filter(tail -> waitsForOneThatGivesWay(tail, active))
                .toList();
        return active.stream()
                .filter(t -> givesWay(t) && !since.getOrDefault(t, now).isAfter(now.minus(SLICE)))
                .filter(t -> sharesWith(t, waiting))
                .toList();
    }

    /** Else two that give way to a third in turn would keep it waiting for ever. */
    private static boolean cutsIn(LaneTrack tail, List<LaneTrack> waiting, Set<LaneTrack> active) {
        List<LaneTrack> earlier = waiting.subList(0, waiting.indexOf(tail)).stream()
                .filter(other -> waitsForOneThatGivesWay(other, active))
                .toList();
        return sharesWith(tail, earlier);
    }

    /** And for no other, which may take long. */
    private static boolean waitsForOneThatGivesWay(LaneTrack tail, Set<LaneTrack> active) {
        return sharesWith(tail, active)
                && active.stream()
                        .filter(other -> sharesWith(tail, List.of(other)))
                        .allMatch(Schedule::givesWay);
    }

    private static boolean givesWay(LaneTrack track) {
        return track.lane().kind() == Lane.Kind.TAIL && track.lane().every().isPositive();
    }

    void started(LaneTrack track, Instant now) {
        since.put(track, now);
        if (track.lane().kind() == Lane.Kind.FIRST_PASS) {
            tried.add(track);
        } else {
            polled.add(track);
            tried.removeIf(pass -> sharesWith(pass, Set.of(track)));
        }
    }

    /** Until the next one is due. */
    Duration untilNext(Instant now) {
        List<Instant> dues = new ArrayList<>();
        sync.passes().stream()
                .filter(p -> !isLive(p))
                .forEach(p -> dues.add(p.retry().due()));
        sync.tails().stream()
                .filter(this::tablesAreReady)
                .forEach(t -> dues.add(t.retry().due()));
        Instant latest = now.plus(LONGEST);
        Instant next = dues.stream().min(Comparator.naturalOrder()).orElse(latest);
        if (next.isAfter(latest)) {
            return LONGEST;
        }
        return next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO;
    }

    /**
     * A tail may run once each of its tables is live, failing, or has been failing to be read for long. In one turn it
     * runs once, so that turns end; but again and again while another lane takes its time.
     */
    private boolean mayRun(LaneTrack tail, Set<LaneTrack> active, Instant now) {
        return tablesAreReady(tail)
                && (!polled.contains(tail) || active.stream().anyMatch(other -> takesItsTime(other, now)));
    }

    private boolean takesItsTime(LaneTrack active, Instant now) {
        return active.lane().kind() == Lane.Kind.FIRST_PASS
                || since.getOrDefault(active, now).isBefore(now.minus(LONG));
    }

    private boolean tablesAreReady(LaneTrack tail) {
        return tail.lane().tables().stream()
                .allMatch(t -> board.isLive(t) || board.isFailing(t) || stalled(sync.firstPass(t)));
    }

    /**
     * Before a tail runs past a first pass that is not failing for good, that one gets another chance: what the tail
     * drops sets it back to its start.
     */
    private void giveChances(Instant now, List<LaneTrack> waiting) {
        sync.passes().stream()
                .filter(p -> !tried.contains(p) && stalled(p) && sharesWith(p, waiting))
                .forEach(p -> p.retry().wake(now));
    }

    private boolean stalled(LaneTrack pass) {
        return pass.retry().failures() >= PATIENCE
                && pass.retry().trouble().filter(t -> t.table().isEmpty()).isPresent()
                && !isLive(pass);
    }

    private boolean isLive(LaneTrack pass) {
        return pass.lane().tables().stream().allMatch(board::isLive);
    }

    private static long count(Lane.Kind kind, Set<LaneTrack> active) {
        return active.stream().filter(t -> t.lane().kind() == kind).count();
    }

    private static boolean sharesWith(LaneTrack track, Collection<LaneTrack> others) {
        return others.stream()
                .anyMatch(o ->
                        !Collections.disjoint(o.lane().tables(), track.lane().tables()));
    }
}
