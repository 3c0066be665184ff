package io.sequin.engine.pass;

import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;
import io.sequin.data.SmallMap;
import io.sequin.engine.board.Board;
import io.sequin.engine.board.TableEntry;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import io.sequin.loop.Backoff;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what making sure of tables has left. A table whose rows something keeps from being purged, or locks, goes on, and
 * that is tried again after a while. Safe for threads.
 */
final class TableWork {
    private static final Logger LOG = LoggerFactory.getLogger(TableWork.class);

    /** What a notice may say of rows that were to be purged and are there still. */
    private static final List<ProblemCode> REASONS =
            List.of(PostgresProblem.DELETE_REFUSED, PostgresProblem.LOCK_TIMEOUT, PostgresProblem.STATEMENT_TIMEOUT);

    private final Committer committer;
    private final Board board;
    private final EngineParts parts;
    /** By table: when what was refused is tried again. */
    private final SmallMap<String, Refused> refused = new SmallMap<>();

    /**
     * What was refused, so often in a row.
     *
     * @param passes it is expected to, by itself, as a lock does: what a person must cure is waited for longer
     */
    private record Refused(boolean passes, Retry retry) {}

    TableWork(Committer committer, Board board, EngineParts parts) {
        this.committer = committer;
        this.board = board;
        this.parts = parts;
    }

    /**
     * Does what is due, to its end or until it is refused.
     *
     * @throws LaneException where something failed
     */
    void run(String table) throws InterruptedException {
        Instant start = parts.clock().instant();
        if (!isDue(table, start)) {
            return;
        }
        committer.tend(table);
        if (isRefused(table)) {
            refused(table, start);
        } else {
            refused.remove(table);
        }
    }

    /** Whether something is to be done for a table now. */
    boolean isDue(String table, Instant now) {
        return board.table(table).left().isUrgent()
                || (isRefused(table)
                        && refused.get(table).map(was -> was.retry().isDue(now)).orElse(true));
    }

    /** Until what was refused is tried again. */
    Duration until(String table, Instant now) {
        return refused.get(table).map(was -> was.retry().until(now)).orElse(Duration.ZERO);
    }

    boolean isRefused(String table) {
        return board.table(table).left() == Upkeep.PURGE_REFUSED;
    }

    /** Asked to try again. */
    void wake(Instant now) {
        refused.now().values().forEach(was -> was.retry().wake(now));
    }

    private void refused(String table, Instant start) {
        Trouble why = why(table);
        boolean passes = why.code().remedy() == Remedy.TRANSIENT;
        Backoff backoff = passes ? parts.settings().backoff() : Retry.REJECTED;
        Refused known = refused.get(table)
                .filter(was -> was.passes() == passes)
                .orElseGet(() -> new Refused(passes, new Retry(backoff, parts.random())));
        Instant now = parts.clock().instant();
        known.retry().fail(why, now, Duration.between(start, now));
        refused.put(table, known);
    }

    private Trouble why(String table) {
        TableEntry entry = board.table(table);
        Problem problem = REASONS.stream()
                .flatMap(code -> entry.notice(code).stream())
                .findFirst()
                .orElseGet(() -> Problem.of(PostgresProblem.DELETE_REFUSED, "something keeps the rows"));
        LOG.warn("table {}: rows that were to be purged stay: {}", table, problem.message());
        return new Trouble(Trouble.Area.SCHEMA, Optional.of(table), problem);
    }
}
