package io.sequin.engine;

import static io.sequin.engine.Trouble.atDestination;

import io.sequin.loop.LoopBody;
import io.sequin.loop.RunPermit;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Sync at work: opens source and destination, fills the tables, then follows the changes. */
final class SyncLoop implements LoopBody {
    private static final Logger LOG = LoggerFactory.getLogger(SyncLoop.class);

    private final SyncPlan plan;
    private final EngineParts parts;
    private final Board board;
    private final RunPermit permit;
    private final Retry opening;
    private @Nullable Running running;
    private boolean credentialsMayDiffer;

    SyncLoop(SyncPlan plan, EngineParts parts, RunPermit permit, Consumer<SyncSnapshot> publish) {
        this.plan = plan;
        this.parts = parts;
        this.permit = permit;
        this.board = new Board(publish, parts.clock());
        this.opening = new Retry(parts.settings().backoff(), parts.random());
    }

    /** What works while source and destination are open. */
    private record Running(OpenSync sync, Committer committer, FirstPasses firstPasses, Tail tail, Schedule schedule) {}

    @Override
    public Turn turn() throws InterruptedException {
        try {
            if (running == null && !opening.isDue(parts.clock().instant())) {
                return new Turn(Duration.between(parts.clock().instant(), opening.due()));
            }
            Running open = running == null ? open() : running;
            if (credentialsMayDiffer) {
                refreshCredentials(open);
            }
            Optional<Trouble> reopen = work(open);
            if (reopen.isPresent()) {
                drop();
                return failed(reopen.get());
            }
            return new Turn(open.schedule().untilNext(parts.clock().instant()));
        } catch (LaneException e) {
            LOG.warn("could not open: {}", e.getMessage());
            return failed(e.trouble());
        } catch (PermitLostException e) {
            LOG.info("the permit to run is lost");
            drop();
            return new Turn(Duration.ZERO);
        }
    }

    @Override
    public void woken() {
        Instant now = parts.clock().instant();
        opening.wake(now);
        if (running != null) {
            credentialsMayDiffer = true;
            running.sync().firstPasses().values().forEach(t -> t.retry().wake(now));
            running.sync().tails().forEach(t -> t.retry().wake(now));
        }
    }

    @Override
    public void close(StopReason reason) {
        if (reason == StopReason.REMOVED && permit.granted()) {
            Running open = running;
            if (open == null) {
                new SchemaRelease(plan, parts).run();
            } else {
                SchemaRelease.within(() -> open.sync().destination().release(plan.owner()));
            }
        }
        drop();
    }

    private Running open() throws InterruptedException {
        OpenSync sync = new SyncOpener(parts, permit, board).open(plan);
        Committer committer = new Committer(sync, permit, board);
        FirstPass pass = new FirstPass(sync, committer, board, parts);
        Running open = new Running(
                sync,
                committer,
                new FirstPasses(sync, pass, board, parts),
                new Tail(sync, committer, board, parts),
                new Schedule(sync, board));
        running = open;
        return open;
    }

    /** Where the Secret can't be read, the connections that there are go on, and the next turn tries again. */
    private void refreshCredentials(Running open) throws InterruptedException {
        try {
            atDestination(() -> {
                open.sync().destination().refreshCredentials();
                return true;
            });
            credentialsMayDiffer = false;
        } catch (LaneException e) {
            LOG.warn("the destination's credentials could not be read again: {}", e.getMessage());
        }
    }

    /** First passes, then the tails; never both at once. */
    private Optional<Trouble> work(Running open) throws InterruptedException {
        Optional<Trouble> unsettled = settleDoubts(open);
        if (unsettled.isPresent()) {
            return unsettled;
        }
        open.schedule().chanceBeforeTail(parts.clock().instant());
        Optional<Trouble> reopen = open.firstPasses().run();
        if (reopen.isEmpty()) {
            opening.succeed();
        }
        for (LaneTrack tail : open.sync().tails()) {
            if (reopen.isEmpty()
                    && open.schedule().tailMayRun()
                    && tail.retry().isDue(parts.clock().instant())) {
                reopen = poll(open.tail(), tail);
            }
        }
        return reopen;
    }

    /**
     * What a tail committed without an answer may have set a first pass back, or recorded deletes for it: known before
     * that goes on. Opening everything again asks the database for all of it, too.
     */
    private static Optional<Trouble> settleDoubts(Running open) throws InterruptedException {
        for (LaneTrack tail : open.sync().tails()) {
            if (tail.uncertain().isPresent()) {
                try {
                    open.committer().state(tail);
                } catch (LaneException e) {
                    return Optional.of(e.trouble());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Trouble> poll(Tail tail, LaneTrack track) throws InterruptedException {
        Instant start = parts.clock().instant();
        try {
            tail.poll(track);
            track.retry().dueAt(parts.clock().instant().plus(jittered(plan.pollInterval())));
            return Optional.empty();
        } catch (LaneException e) {
            Retry retry = track.retry();
            Instant now = parts.clock().instant();
            retry.fail(e.trouble(), now, Duration.between(start, now));
            LOG.warn("lane {}: {} ({} in a row)", track.lane().id(), e.getMessage(), retry.failures());
            Verdict verdict = Verdict.of(e.trouble(), retry.failures());
            if (verdict == Verdict.STOP) {
                retry.dueAt(Instant.MAX);
                track.forget();
            }
            board.failed(track.lane().id(), e.trouble().ofArea().withCure(plan.schema()));
            return verdict == Verdict.REOPEN ? Optional.of(e.trouble()) : Optional.empty();
        }
    }

    private Turn failed(Trouble trouble) {
        Instant now = parts.clock().instant();
        opening.fail(trouble, now, Duration.ZERO);
        board.notOpen(trouble);
        return new Turn(Duration.between(now, opening.due()));
    }

    /** Spreads those who were started together: a tenth more or less. */
    private Duration jittered(Duration interval) {
        double factor = 0.9 + 0.2 * parts.random().nextDouble();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    private void drop() {
        Running open = running;
        running = null;
        credentialsMayDiffer = false;
        if (open != null) {
            open.sync().close();
        }
    }
}
