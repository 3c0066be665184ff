package io.sequin.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: doubled each time up to a cap, less up to half of it by chance, so that
 * those who failed together do not come back together.
 *
 * @param first the longest wait after the first failure
 * @param cap the longest wait at all
 */
public record Backoff(Duration first, Duration cap) {
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("a backoff needs 0 < first <= cap, not " + first + " and " + cap);
        }
    }

    /**
     * The wait before the next try, between half of the full wait and all of it.
     *
     * @param failures in a row so far; at least 1
     */
    public Duration delay(int failures, RandomGenerator random) {
        long full = full(failures).toNanos();
        return Duration.ofNanos(full - (long) (random.nextDouble() * (full / 2.0)));
    }

    /** The longest wait after so many failures in a row. */
    public Duration full(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("no failure, no backoff");
        }
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(cap) < 0 ? doubled : cap;
    }
}
