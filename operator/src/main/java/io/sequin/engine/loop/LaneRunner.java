package io.sequin.engine.loop;

import io.sequin.engine.SyncPlan;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.lane.LaneThreads;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.pass.Keeper;
import io.sequin.engine.resync.ResyncPass;
import io.sequin.engine.tail.Tail;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import io.sequin.engine.trouble.Verdict;
import io.sequin.loop.RunPermit;
import io.sequin.source.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the lanes that are due, some at a time, each on a thread of its own, with its own retry: a failing one holds up no
 * other.
 */
final class LaneRunner {
    private static final Logger LOG = LoggerFactory.getLogger(LaneRunner.class);

    private final SyncPlan plan;
    private final OpenSync sync;
    private final Keeper keeper;
    private final ResyncPass resync;
    private final Map<LaneTrack, Tail> tails;
    private final Schedule schedule;
    private final Renewal renewal;
    private final Board board;
    private final EngineParts parts;
    /** Made for one lane, as most Syncs run at a time; it grows. */
    private final Map<LaneTrack, Thread> active = LinkedHashMap.newLinkedHashMap(1);
    /** Those that were woken while they ran: what they have read may be older than what they were woken for. */
    private final Set<LaneTrack> again = new HashSet<>();

    /** Asks whether somebody wants the lanes to go on at once. */
    interface Listening {
        void listen() throws InterruptedException;
    }

    LaneRunner(OpenSync sync, SyncPlan plan, Committer committer, Board board, EngineParts parts, RunPermit permit) {
        this.sync = sync;
        this.plan = plan;
        this.board = board;
        this.parts = parts;
        this.keeper = new Keeper(sync, committer, board, parts);
        this.resync = new ResyncPass(sync, committer, board, parts, permit);
        this.renewal = new Renewal(sync, board, parts);
        this.schedule = new Schedule(sync, keeper, board, parts.settings().lanes());
        this.tails = sync.tails().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), track -> new Tail(sync, track, committer, board, parts, keeper::isStuck)));
    }

    /**
     * A lane has stopped.
     *
     * @param error what stopped it; null: its tables are up to date, or a poll has found its end
     */
    private record End(LaneTrack track, @Nullable Throwable error, Duration took) {}

    /**
     * Runs until none is under way: each waits for its next time.
     *
     * @param listening called when it begins, and now and then while it runs
     * @return the trouble for which all must be opened again
     */
    Optional<Trouble> run(Listening listening) throws InterruptedException {
        schedule.newTurn();
        try {
            listening.listen();
            LaneThreads threads = new LaneThreads("lane");
            BlockingQueue<End> ends = new LinkedBlockingQueue<>();
            Optional<Trouble> reopen = renewal.run(active.keySet());
            if (reopen.isEmpty()) {
                startDue(threads, ends);
            }
            while (reopen.isEmpty() && !active.isEmpty()) {
                End end = ends.poll(parts.settings().listening().toMillis(), TimeUnit.MILLISECONDS);
                listening.listen();
                if (end != null) {
                    active.remove(end.track());
                    reopen = settle(end);
                    if (again.remove(end.track())) {
                        end.track().retry().wake(parts.clock().instant());
                    }
                }
                if (reopen.isEmpty()) {
                    reopen = renewal.run(active.keySet());
                }
                if (reopen.isEmpty()) {
                    startDue(threads, ends);
                }
            }
            if (reopen.isEmpty()) {
                letGoOfCarried();
            }
            return reopen;
        } finally {
            stopAll();
        }
    }

    /** Whatever was due has run: a lane that does not fail is well, or is not there any more. */
    private void letGoOfCarried() {
        board.carrier()
                .filter(lane -> Stream.of(
                                sync.passes(), sync.tails(), sync.resyncs().tracks())
                        .flatMap(Collection::stream)
                        .noneMatch(track ->
                                track.lane().id().equals(lane) && track.retry().failures() > 0))
                .ifPresent(board::isWell);
    }

    /** Asked to try again what has failed; lanes are woken by themselves. */
    void wake(Instant now) {
        again.addAll(active.keySet());
        renewal.wake(now);
        keeper.wake(now);
    }

    /** Until a lane is due, or something of the claim. */
    Duration untilNext(Instant now) {
        Duration lane = schedule.untilNext(now);
        Duration claim = renewal.untilNext(now);
        return lane.compareTo(claim) <= 0 ? lane : claim;
    }

    private void startDue(LaneThreads threads, Queue<End> ends) {
        Optional<LaneTrack> next = schedule.next(parts.clock().instant(), active.keySet());
        while (next.isPresent()) {
            LaneTrack track = next.get();
            schedule.started(track, parts.clock().instant());
            Thread thread = threads.newThread(() -> runOne(track, ends));
            active.put(track, thread);
            thread.start();
            next = schedule.next(parts.clock().instant(), active.keySet());
        }
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // handed to the loop's thread, which decides
    private void runOne(LaneTrack track, Queue<End> ends) {
        Instant start = parts.clock().instant();
        Throwable error = null;
        LaneLog.begin(track);
        try {
            Tail tail = tails.get(track);
            if (tail != null) {
                tail.poll();
            } else if (isResync(track)) {
                resync.run(track);
            } else {
                keeper.run(track);
            }
        } catch (Throwable e) {
            error = e;
        }
        ends.add(new End(track, error, Duration.between(start, parts.clock().instant())));
    }

    private Optional<Trouble> settle(End end) {
        LaneLog.begin(end.track());
        try {
            return settled(end);
        } finally {
            LaneLog.end();
        }
    }

    private Optional<Trouble> settled(End end) {
        switch (end.error()) {
            case null -> finished(end.track());
            case LaneException e -> {
                return failed(end.track(), e.trouble(), end.took());
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a lane was interrupted", end.error());
        }
        return Optional.empty();
    }

    private void finished(LaneTrack track) {
        track.retry().succeed();
        if (isResync(track)) {
            // also where it has to wait for others
            board.isWell(track.lane().id());
            return;
        }
        if (track.lane().kind() == Lane.Kind.FIRST_PASS) {
            LOG.info("up to date: {}", names(track));
            return;
        }
        Duration rest = jittered(plan.pollInterval());
        Duration every = track.lane().every();
        track.retry().rest(parts.clock().instant(), rest.compareTo(every) > 0 ? rest : every);
    }

    private Optional<Trouble> failed(LaneTrack track, Trouble trouble, Duration took) {
        Retry retry = track.retry();
        int times = retry.fail(trouble, parts.clock().instant(), took);
        LOG.warn(
                "lane {}: {} ({} in a row)",
                track.lane().id(),
                trouble.problem().message(),
                times);
        Verdict verdict = Verdict.of(trouble, retry.failures());
        if (isResync(track)) {
            board.resyncFailed(track.lane(), trouble);
        } else if (track.lane().kind() == Lane.Kind.FIRST_PASS) {
            show(track, trouble);
        } else {
            if (verdict == Verdict.STOP) {
                retry.stop();
                track.forget();
            }
            board.tailFailed(
                    track.lane().id(),
                    trouble.ofTail(track.lane(), retry.failures()).withCure(plan.schema()));
        }
        if (verdict != Verdict.REOPEN) {
            return Optional.empty();
        }
        if (Verdict.mayOutliveOpening(trouble)) {
            board.carry(track.lane().id(), trouble);
        }
        return Optional.of(trouble);
    }

    private boolean isResync(LaneTrack track) {
        return sync.resyncs().tracks().contains(track);
    }

    /** Of several tables that one first pass lists, those that wait for a failing one fail with it. */
    private void show(LaneTrack track, Trouble trouble) {
        board.failed(track.lane().id(), trouble);
        if (trouble.table().isPresent()) {
            track.lane().tables().stream()
                    .filter(other -> !board.isLive(other) && !board.isFailing(other))
                    .forEach(other -> board.failed(track.lane().id(), trouble.of(other)));
        }
    }

    private static String names(LaneTrack track) {
        return track.lane().tables().stream().sorted().collect(Collectors.joining(", "));
    }

    /** Spreads those who were started together: up to a tenth less, never more, since users count on the interval. */
    private Duration jittered(Duration interval) {
        double factor = 0.9 + 0.1 * parts.random().nextDouble();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    /** Nothing of a lane may go on once the loop's turn is over. */
    private void stopAll() throws InterruptedException {
        active.values().forEach(Thread::interrupt);
        for (Thread thread : active.values()) {
            thread.join();
        }
        active.clear();
        again.clear();
    }
}
