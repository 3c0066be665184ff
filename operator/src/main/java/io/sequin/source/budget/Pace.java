package io.sequin.source.budget;

import java.util.concurrent.TimeUnit;

/** So many requests a second, evenly: each makes the next wait, beyond a small burst. */
final class Pace {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
    /** A tenth of a second's requests may come at once. */
    private static final double BURST = 0.1;

    private final Allowance perSecond;
    /** When the requests so far would have gone out, had they been spread evenly. */
    private long spread;

    private long pausedUntil;

    Pace(double perSecond) {
        this.perSecond = new Allowance(perSecond);
    }

    double rate(long now) {
        return perSecond.at(now);
    }

    /** When the next one may go; may be in the past. */
    long freeAt(long now) {
        double rate = perSecond.at(now);
        double ahead = Math.max(0, rate * BURST - 1) * SECOND / rate;
        return Math.max(pausedUntil, spread - (long) ahead);
    }

    void take(long now) {
        spread = Math.max(spread, now) + (long) (SECOND / perSecond.at(now));
    }

    /** Nothing goes before that time. */
    void pause(long until) {
        pausedUntil = Math.max(pausedUntil, until);
    }

    void halve(long now) {
        perSecond.halve(now, pausedUntil);
    }

    /** Whether it is as at the beginning. */
    boolean isAtRest(long now) {
        return now >= pausedUntil && perSecond.at(now) >= perSecond.usual();
    }
}
