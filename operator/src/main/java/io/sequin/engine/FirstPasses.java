package io.sequin.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the first passes that are due, some at a time, each on a thread of its own. */
final class FirstPasses {
    private static final Logger LOG = LoggerFactory.getLogger(FirstPasses.class);

    private final OpenSync sync;
    private final FirstPass pass;
    private final Board board;
    private final EngineParts parts;
    private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    private final Map<LaneTrack, Thread> active = new HashMap<>();

    FirstPasses(OpenSync sync, FirstPass pass, Board board, EngineParts parts) {
        this.sync = sync;
        this.pass = pass;
        this.board = board;
        this.parts = parts;
    }

    /**
     * A lane has stopped.
     *
     * @param error what stopped it; null: the table is live
     */
    private record End(LaneTrack track, @Nullable Throwable error, Duration took) {}

    /**
     * Runs until none is under way: each table is live or waits for its next try.
     *
     * @return the trouble for which all must be opened again
     */
    Optional<Trouble> run() throws InterruptedException {
        try {
            LaneThreads threads = new LaneThreads("lane");
            startDue(threads);
            while (!active.isEmpty()) {
                End end = ends.poll(1, TimeUnit.SECONDS);
                if (end != null) {
                    active.remove(end.track());
                    Optional<Trouble> reopen = settle(end);
                    if (reopen.isPresent()) {
                        return reopen;
                    }
                }
                startDue(threads);
            }
            return Optional.empty();
        } finally {
            stopAll();
        }
    }

    private void startDue(LaneThreads threads) {
        Instant now = parts.clock().instant();
        for (LaneTrack track : sync.passes()) {
            if (active.size() < parts.settings().lanes()
                    && !active.containsKey(track)
                    && !track.lane().tables().stream().allMatch(board::isLive)
                    && track.retry().isDue(now)) {
                Thread thread = threads.newThread(() -> runOne(track));
                active.put(track, thread);
                thread.start();
            }
        }
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // handed to the loop's thread, which decides
    private void runOne(LaneTrack track) {
        Instant start = parts.clock().instant();
        Throwable error = null;
        try {
            pass.run(track);
        } catch (Throwable e) {
            error = e;
        }
        ends.add(new End(track, error, Duration.between(start, parts.clock().instant())));
    }

    private Optional<Trouble> settle(End end) {
        switch (end.error()) {
            case null -> {
                LOG.info("live: {}", names(end.track()));
                end.track().retry().succeed();
                board.finished(end.track().lane().id());
            }
            case LaneException e -> {
                return failed(end.track(), e.trouble(), end.took());
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a first pass was interrupted", end.error());
        }
        return Optional.empty();
    }

    private Optional<Trouble> failed(LaneTrack track, Trouble trouble, Duration took) {
        Retry retry = track.retry();
        retry.fail(trouble, parts.clock().instant(), took);
        LOG.warn(
                "first pass of {}: {} ({} in a row)",
                names(track),
                trouble.problem().message(),
                retry.failures());
        if (trouble.table().isEmpty()) {
            board.failed(track.lane().id(), trouble);
        }
        trouble.table().ifPresent(table -> failed(track, table, trouble));
        return Verdict.of(trouble, retry.failures()) == Verdict.REOPEN ? Optional.of(trouble) : Optional.empty();
    }

    /** Of several tables that one lists, those that wait for the failing one fail with it. */
    private void failed(LaneTrack track, String table, Trouble trouble) {
        board.failed(track.lane().id(), trouble);
        track.lane().tables().stream()
                .filter(other -> !other.equals(table) && !board.isLive(other) && !board.isFailing(other))
                .forEach(other -> board.failed(track.lane().id(), trouble.of(other)));
    }

    private static String names(LaneTrack track) {
        return track.lane().tables().stream().sorted().collect(Collectors.joining(", "));
    }

    /** Nothing of a lane may go on once the loop's turn is over. */
    private void stopAll() throws InterruptedException {
        active.values().forEach(Thread::interrupt);
        for (Thread thread : active.values()) {
            thread.join();
        }
        active.clear();
        ends.clear();
    }
}
