package io.sequin.engine.trouble;

import io.sequin.loop.Backoff;
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
    private int rejections;
    private Instant since = Instant.MIN;
    private Instant due = Instant.MIN;
    private @Nullable Trouble trouble;
    private @Nullable Beside beside;

    /** What another lane met, and until when that waits. */
    private record Beside(Instant met, Instant due) {}

    /** Due at once. */
    public Retry(Backoff backoff, RandomGenerator random) {
        this.backoff = backoff;
        this.random = random;
    }

    /** In a row, but for rejections: those say nothing of how often anything else was tried. */
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
        rejections = 0;
        trouble = null;
    }

    /**
     * Sets the time of the next try: after the backoff (a long one where a table rejects a record or the account does not
     * have the product), not before the time the other side asks for, and for a failing table not sooner than its last
     * try took, so that the other tables get their turn.
     *
     * @return how often in a row; rejections are counted by themselves, since their waits are long from the first on
     */
    public synchronized int fail(Trouble what, Instant now, Duration took) {
        int times = failed(what, now, took);
        Beside other = beside;
        beside = null;
        if (other != null
                && what.problem().retryAt().isEmpty()
                && !other.met().isBefore(now.minus(took))
                && other.due().isBefore(due)) {
            // the try that failed had begun before, and may not have looked at that
            due = other.due();
        }
        return times;
    }

    private int failed(Trouble what, Instant now, Duration took) {
        boolean rejected = what.isRejection();
        int times = rejected ? ++rejections : ++failures;
        trouble = what;
        Duration wait = what.code() == SourceProblem.NOT_OFFERED
                ? NOT_OFFERED
                : (rejected ? REJECTED : backoff).delay(times, random);
        if (what.table().isPresent() && took.compareTo(wait) > 0) {
            wait = took;
        }
        Instant next = now.plus(wait);
        since = now;
        due = what.problem().retryAt().filter(t -> t.isAfter(next)).orElse(next);
        return times;
    }

    /** Another lane has met this: where the own one waits for something else already, that wait gets no longer. */
    public synchronized void failBeside(Trouble what, Instant now) {
        Trouble before = trouble;
        Instant until = due;
        failed(what, now, Duration.ZERO);
        if (before != null && until.isAfter(now) && until.isBefore(due)) {
            trouble = before;
            due = until;
        }
        beside = new Beside(now, due);
    }

    /** How long this makes wait, whatever was before; zero: a usual backoff. */
    static Duration longWait(Trouble what) {
        if (what.code() == SourceProblem.NOT_OFFERED) {
            return NOT_OFFERED;
        }
        return what.isRejection() ? REJECTED.first() : Duration.ZERO;
    }

    /**
     * Asked to try now: it does, unless the source named a time. A time that the database's side names is our own: what
     * limits logins knows whether the next one is with another password, and lets that through. So is the one for a
     * product that the account does not have: another key may be of an account that has it.
     */
    public synchronized void wake(Instant now) {
        boolean parked = trouble != null
                && trouble.area() == Trouble.Area.SOURCE
                && trouble.code() != SourceProblem.NOT_OFFERED
                && trouble.problem().retryAt().filter(t -> t.isAfter(now)).isPresent();
        if (!parked && due.isAfter(now)) {
            since = now;
            due = now;
        }
    }
}
