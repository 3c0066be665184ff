package io.sequin.engine.loop;

import static io.sequin.engine.trouble.Trouble.atDestination;

import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.commit.PermitLostException;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import io.sequin.loop.LoopBody;
import io.sequin.loop.RunPermit;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
    private BooleanSupplier heard = () -> false;
    private boolean credentialsMayDiffer;

    SyncLoop(SyncPlan plan, EngineParts parts, RunPermit permit, Consumer<SyncSnapshot> publish) {
        this.plan = plan;
        this.parts = parts;
        this.permit = permit;
        this.board = new Board(publish, parts.clock());
        this.opening = new Retry(parts.settings().backoff(), parts.random());
    }

    /** What works while source and destination are open. */
    private record Running(OpenSync sync, LaneRunner lanes) {}

    @Override
    public Turn turn() throws InterruptedException {
        try {
            if (running == null && !opening.isDue(parts.clock().instant())) {
                return new Turn(opening.until(parts.clock().instant()));
            }
            Running open = running == null ? open() : running;
            Optional<Trouble> reopen = open.lanes().run(() -> listen(open));
            if (reopen.isPresent()) {
                drop();
                return failed(reopen.get());
            }
            if (board.carrier().isEmpty()) {
                opening.succeed();
            }
            return new Turn(open.lanes().untilNext(parts.clock().instant()));
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
    public void listen(BooleanSupplier to) {
        heard = to;
    }

    /** A turn may last as long as a first pass: who waits for a lane that could go on must not wait for that. */
    private void listen(Running open) throws InterruptedException {
        if (heard.getAsBoolean()) {
            woken();
        }
        if (credentialsMayDiffer) {
            refreshCredentials(open);
        }
    }

    @Override
    public void woken() {
        Instant now = parts.clock().instant();
        opening.wake(now);
        if (running != null) {
            credentialsMayDiffer = true;
            running.lanes().wake(now);
            running.sync().firstPasses().values().forEach(t -> t.retry().wake(now));
            running.sync().tails().forEach(t -> t.retry().wake(now));
            running.sync().resyncs().tracks().forEach(t -> t.retry().wake(now));
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
        Running open = new Running(sync, new LaneRunner(sync, plan, committer, board, parts, permit));
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

    private Turn failed(Trouble trouble) {
        Instant now = parts.clock().instant();
        opening.fail(trouble, now, Duration.ZERO);
        board.notOpen(trouble);
        return new Turn(opening.until(now));
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
