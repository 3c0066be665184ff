package io.sequin.engine.trouble;

import io.sequin.loop.Backoff;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When something may be tried again: a time of the machine's clock, but at once where that clock was set back meanwhile, since
 * what was to be minutes would be hours. Safe for threads: a tail that leaves a table behind sets when that is tried again.
 */
public final class Retry {
    /** A record does not change by itself, and in a first pass each try lists it again. */
    public static final Backoff REJECTED = new Backoff(Duration.ofMinutes(10), Duration.ofHours(1));

    /** An account gets a product when somebody buys it. */
    static final Duration NOT_OFFERED = Duration.ofHours(1);

    private final Backoff backoff;
    private final RandomGenerator random;
    private int failures;
    private Instant since = Instant.MIN;
    private Instant due = Instant.MIN;
    private @Nullable Trouble trouble;

    /** Due at once. */
    public Retry(Backoff backoff, RandomGenerator random) {
        this.backoff = backoff;
        this.random = random;
    }

    /** In a row. */
    public synchronized int failures() {
        return failures;
    }

    /** The last failure, where nothing succeeded since. */
    synchronized Optional<Trouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** When it may be tried next; {@link Instant#MIN} before the first time. */
    public synchronized Instant due() {
        return due;
    }

    /** Whether it may be tried now. */
    public synchronized boolean isDue(Instant now) {
        return !due.isAfter(now) || now.isBefore(since);
    }

    /** Until it is due. */
    public synchronized Duration until(Instant now) {
        return isDue(now) ? Duration.ZERO : Duration.between(now, due);
    }

    /** Nothing failed; next time after so long. */
    public synchronized void rest(Instant now, Duration pause) {
        since = now;
        due = now.plus(pause);
    }

    /** Until it is woken. */
    public synchronized void stop() {
        since = Instant.MIN;
        due = Instant.MAX;
    }

    /** Nothing is wrong any more. */
    public synchronized void succeed() {
        failures = 0;
        trouble = null;
    }

    /**
     * Sets the time of the next try: after the backoff (a long one where a table rejects a record or the account does not
     * have the product), not before the time the other side asks for, and for a failing table not sooner than its last
     * try took, so that the other tables get their turn.
     */
    public synchronized void fail(Trouble what, Instant now, Duration took) {
        failures++;
        trouble = what;
        boolean rejected = what.table().isPresent()
                && (what.code() == PostgresProblem.RECORD_REJECTED || what.code() == PostgresProblem.MASS_REJECTION);
        Duration wait = what.code() == SourceProblem.NOT_OFFERED
                ? NOT_OFFERED
                : (rejected ? REJECTED : backoff).delay(failures, random);
        if (what.table().isPresent() && took.compareTo(wait) > 0) {
            wait = took;
        }
        Instant next = now.plus(wait);
        since = now;
        due = what.problem().retryAt().filter(t -> t.isAfter(next)).orElse(next);
    }

    /**
     * Asked to try now: it does, unless the source named a time. A time that the database's side names is our own: what
     * limits logins knows whether the next one is with another password, and lets that through.
     */
    public synchronized void wake(Instant now) {
        boolean parked = trouble != null
                && trouble.area() == Trouble.Area.SOURCE
                && trouble.problem().retryAt().filter(t -> t.isAfter(now)).isPresent();
        if (!parked && due.isAfter(now)) {
            since = now;
            due = now;
        }
    }
}
