package io.sequin.engine.loop;

import static io.sequin.engine.trouble.Trouble.atDestination;

import io.sequin.data.LaneId;
import io.sequin.engine.board.Board;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import io.sequin.engine.trouble.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the claim on the schema, also while nothing is committed: so others see that it is in use, and it is noticed
 * that another took it, or that the database was restored or has lost commits. And sees to it that what lost connections
 * left open at the server ends. For the loop's turns.
 */
final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final LaneId ID = new LaneId("renewal");

    /** At least this part of the interval passes, so that many Syncs that were started together spread. */
    private static final double LEAST = 0.75;

    private final OpenSync sync;
    private final Board board;
    private final EngineParts parts;
    private final Retry retry;
    private final Retry leftovers;

    /** The schema has just been taken. */
    Renewal(OpenSync sync, Board board, EngineParts parts) {
        this.sync = sync;
        this.board = board;
        this.parts = parts;
        this.retry = new Retry(parts.settings().backoff(), parts.random());
        this.leftovers = new Retry(parts.settings().backoff(), parts.random());
        rest();
    }

    /**
     * Until the next time; never longer than the interval.
     *
     * @param random from 0 to 1
     */
    static Duration pause(Duration interval, double random) {
        return Duration.ofNanos((long) (interval.toNanos() * (LEAST + (1 - LEAST) * random)));
    }

    /** Until something is to be done. */
    Duration untilNext(Instant now) {
        Duration claim = retry.until(now);
        Duration end = leftovers.until(now);
        return claim.compareTo(end) <= 0 ? claim : end;
    }

    /** Where it is failing it is tried again; where it is not, nothing needs to be known earlier. */
    void wake(Instant now) {
        if (retry.failures() > 0) {
            retry.wake(now);
        }
        if (leftovers.failures() > 0) {
            leftovers.wake(now);
        }
    }

    /**
     * Does what is due.
     *
     * @param running lanes whose state moves; every other must be found where it was left
     * @return the trouble for which all must be opened again
     */
    Optional<Trouble> run(Set<LaneTrack> running) throws InterruptedException {
        endLeftovers();
        if (!retry.isDue(parts.clock().instant())) {
            return Optional.empty();
        }
        try {
            Map<LaneId, Long> at = commits(running);
            atDestination(() -> {
                sync.destination().renew(at);
                return true;
            });
        } catch (LaneException e) {
            return failed(e.trouble());
        }
        if (retry.failures() > 0) {
            board.isWell(ID);
        }
        retry.succeed();
        rest();
        return Optional.empty();
    }

    /** Nothing depends on it: what is in the way is ended by who finds it so. */
    private void endLeftovers() throws InterruptedException {
        Instant now = parts.clock().instant();
        if (leftovers.failures() > 0 && !leftovers.isDue(now)) {
            return;
        }
        try {
            Optional<Duration> after = atDestination(() -> sync.destination().endLeftovers());
            leftovers.succeed();
            after.ifPresentOrElse(pause -> leftovers.rest(now, pause), leftovers::stop);
        } catch (LaneException e) {
            leftovers.fail(e.trouble(), now, Duration.ZERO);
            LOG.warn(
                    "what lost connections left open could not be looked for, which is tried again: {} ({} in a row)",
                    e.trouble().problem().message(),
                    leftovers.failures());
        }
    }

    /** Of lanes at rest whose state is known; re-syncs ask for theirs each time they go on. */
    private Map<LaneId, Long> commits(Set<LaneTrack> running) {
        Map<LaneId, Long> commits = new HashMap<>();
        Stream.of(sync.passes(), sync.tails())
                .flatMap(Collection::stream)
                .filter(track -> !running.contains(track))
                .forEach(track -> track.state()
                        .ifPresent(state -> commits.put(track.lane().id(), state.seq())));
        return commits;
    }

    /** A connection that nobody used for long may be dead, which says nothing; the next one tells. */
    private Optional<Trouble> failed(Trouble trouble) {
        retry.fail(trouble, parts.clock().instant(), Duration.ZERO);
        LOG.warn(
                "the claim could not be renewed: {} ({} in a row)",
                trouble.problem().message(),
                retry.failures());
        if (Verdict.of(trouble, retry.failures()) == Verdict.REOPEN) {
            return Optional.of(trouble);
        }
        if (retry.failures() > 1) {
            board.failed(ID, trouble.ofArea());
        }
        return Optional.empty();
    }

    private void rest() {
        Duration pause = pause(parts.settings().renewal(), parts.random().nextDouble());
        retry.rest(parts.clock().instant(), pause);
    }
}
