package io.sequin.source.budget;

import io.sequin.data.RateCeiling;
import io.sequin.source.RateLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one Sync may ask at most, below the account's budget. Each part counts only where it was set. */
final class Ceiling {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final double PERCENT = 100;

    /** So long a place is kept for who was parked: it comes back at a whole second, on a machine that may be busy. */
    private static final long KEPT = RateBudgets.LONGEST_WAIT.toNanos();

    private final @Nullable Window window;
    private final @Nullable Pace pace;
    private final @Nullable Slots slots;
    /** First passes wait until then, for one that goes before them and was parked. */
    private long owedUntil;

    /**
     * @param share of the account's limits that all Syncs together use; a Sync's percentage is of that
     */
    Ceiling(RateCeiling set, RateLimits limits, double share) {
        this.window = set.requests().isEmpty()
                ? null
                : new Window(
                        set.requests().getAsInt(),
                        set.interval().orElse(INTERVAL).toNanos());
        double part = set.quotaPercent().orElse((int) PERCENT) / PERCENT * share;
        this.pace = set.quotaPercent().isEmpty() ? null : new Pace(limits.perSecond() * part);
        double atOnce =
                Math.min(set.maxConcurrent().orElse(Integer.MAX_VALUE), Math.max(1, limits.concurrent() * part));
        this.slots = set.maxConcurrent().isEmpty() && set.quotaPercent().isEmpty() ? null : new Slots(atOnce);
    }

    /** As {@link Bucket#freeAt}. */
    long freeAt(boolean keepsCurrent, long now) {
        if (slots != null && !slots.isFree(keepsCurrent, now)) {
            return Bucket.ON_ANSWER;
        }
        long free = Math.max(window == null ? now : window.freeAt(now), pace == null ? now : pace.freeAt(now));
        return keepsCurrent ? free : Math.max(free, owedUntil);
    }

    /** One that goes before first passes is parked until then: those that wait must not use up what there is before it is back. */
    void owes(long until) {
        owedUntil = until + KEPT;
    }

    void start(boolean keepsCurrent, long now) {
        if (keepsCurrent) {
            owedUntil = 0;
        }
        if (window != null) {
            window.take(now);
        }
        if (pace != null) {
            pace.take(now);
        }
        if (slots != null) {
            slots.take(keepsCurrent);
        }
    }

    void end(boolean keepsCurrent) {
        if (slots != null) {
            slots.give(keepsCurrent);
        }
    }

    /** Whether it would be the same if it were made anew. */
    boolean isAtRest(long now) {
        return (window == null || window.isAtRest(now)) && (slots == null || slots.used() == 0);
    }
}
