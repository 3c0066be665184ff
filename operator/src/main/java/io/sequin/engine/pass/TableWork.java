package io.sequin.engine.pass;

import io.sequin.data.Problem;
import io.sequin.data.SmallMap;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Upkeep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what making sure of tables has left. A table whose rows something keeps from being purged goes on, and that is
 * tried again after a while. Safe for threads.
 */
final class TableWork {
    private static final Logger LOG = LoggerFactory.getLogger(TableWork.class);

    private final Committer committer;
    private final Board board;
    private final Clock clock;
    private final RandomGenerator random;
    /** By table: when what was refused is tried again. */
    private final SmallMap<String, Retry> refused = new SmallMap<>();

    TableWork(Committer committer, Board board, Clock clock, RandomGenerator random) {
        this.committer = committer;
        this.board = board;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Does what is due, to its end or until it is refused.
     *
     * @throws LaneException where something failed
     */
    void run(String table) throws InterruptedException {
        Instant start = clock.instant();
        if (!isDue(table, start)) {
            return;
        }
        committer.tend(table);
        if (isRefused(table)) {
            Duration took = Duration.between(start, clock.instant());
            refused(table).fail(why(table), clock.instant(), took);
        } else {
            refused.remove(table);
        }
    }

    /** Whether something is to be done for a table now. */
    boolean isDue(String table, Instant now) {
        return board.table(table).left().isUrgent()
                || (isRefused(table) && refused(table).isDue(now));
    }

    /** Until what was refused is tried again. */
    Duration until(String table, Instant now) {
        return refused(table).until(now);
    }

    boolean isRefused(String table) {
        return board.table(table).left() == Upkeep.PURGE_REFUSED;
    }

    /** Asked to try again. */
    void wake(Instant now) {
        refused.now().values().forEach(retry -> retry.wake(now));
    }

    private Retry refused(String table) {
        return refused.computeIfAbsent(table, t -> new Retry(Retry.REJECTED, random));
    }

    private Trouble why(String table) {
        Problem problem = board.table(table)
                .notice(PostgresProblem.DELETE_REFUSED)
                .orElseGet(() -> Problem.of(PostgresProblem.DELETE_REFUSED, "something keeps the rows"));
        LOG.warn("table {}: rows that were to be purged stay: {}", table, problem.message());
        return new Trouble(Trouble.Area.SCHEMA, Optional.of(table), problem);
    }
}
