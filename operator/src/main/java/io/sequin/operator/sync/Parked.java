package io.sequin.operator.sync;

import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * A Sync that has begun and waits until its source may be asked again: the quota, or its own ceiling, is used up. Pure.
 *
 * @param problem what the source, or the budget, said
 */
record Parked(Problem problem) {
    /** A backfill that waits no longer than this is only slowed down. */
    private static final Duration BRIEF = Duration.ofMinutes(1);

    private static final Duration DAY = Duration.ofDays(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /**
     * Whether it is so.
     *
     * @param lagLimit how far behind a live Sync may be: one that may ask again before is only slowed down
     */
    static Optional<Parked> of(SyncSnapshot snapshot, Duration lagLimit, Instant now) {
        if (!snapshot.committed()) {
            return Optional.empty();
        }
        return snapshot.source()
                .filter(p -> SyncReason.isQuota(p.code()))
                .filter(p -> p.retryAt()
                        .filter(at -> isLong(at, snapshot, lagLimit, now))
                        .isPresent())
                .map(Parked::new);
    }

    private static boolean isLong(Instant at, SyncSnapshot snapshot, Duration lagLimit, Instant now) {
        boolean live = snapshot.offered().stream().map(TableProgress::state).allMatch(TableState.LIVE::equals);
        if (!live) {
            return at.isAfter(now.plus(BRIEF));
        }
        Instant oldest = at.minus(lagLimit);
        return snapshot.caughtUp().filter(done -> !done.isBefore(oldest)).isEmpty();
    }

    /** For {@code Ready} and {@code UpToDate}. */
    String message(Instant now) {
        return "Parked until " + until(now) + ": " + problem.message() + ".";
    }

    /** For {@code SourceReady}. */
    String source(Instant now) {
        return problem.message() + "; it is asked again at " + until(now);
    }

    private String until(Instant now) {
        Instant at = problem.retryAt().orElse(now);
        return (at.isBefore(now.plus(DAY)) ? TIME : DATE).format(at);
    }
}
