package io.sequin.source.budget;

import io.sequin.source.Throttle;

/** What an account, or one group of its calls, may still be asked: by rate and at once. */
final class Bucket {
    /** As a time: not before an answer comes. */
    static final long ON_ANSWER = Long.MAX_VALUE;

    private final Pace pace;
    private final Counted counted;
    private final Slots slots;
    private long slowedAt = Long.MIN_VALUE;

    /**
     * @param perSecond what the source allows
     * @param concurrent what the source allows
     * @param share of both that we use
     */
    Bucket(int perSecond, int concurrent, double share) {
        this.pace = new Pace(perSecond * share);
        this.counted = new Counted(perSecond);
        this.slots = new Slots(concurrent * share);
    }

    /** When a request may go: now or before, later, or {@link #ON_ANSWER}. */
    long freeAt(boolean keepsCurrent, long now) {
        return slots.isFree(keepsCurrent, now) ? Math.max(pace.freeAt(now), counted.freeAt(now)) : ON_ANSWER;
    }

    void start(boolean keepsCurrent, long now) {
        pace.take(now);
        counted.start();
        slots.take(keepsCurrent);
    }

    void end(boolean keepsCurrent, long now) {
        counted.end(now);
        slots.give(keepsCurrent);
    }

    /** A request that nobody waited with counts all the same. */
    void charge(long now) {
        pace.take(now);
    }

    /**
     * The source complained. Of requests that were under way together only the first complaint slows down further.
     *
     * @param sentAt when the request that it answered was sent
     * @param until nothing is sent before
     */
    void slowDown(Throttle.Limit limit, long sentAt, long now, long until) {
        pace.pause(until);
        if (sentAt < slowedAt) {
            return;
        }
        slowedAt = now;
        switch (limit) {
            case RATE -> pace.halve(now);
            case CONCURRENCY -> slots.halve(now);
        }
    }

    /** Whether nothing is under way and no complaint is remembered. */
    boolean isAtRest(long now) {
        return slots.isAtRest(now) && pace.isAtRest(now);
    }

    double rate(long now) {
        return pace.rate(now);
    }

    int inSecond(long now) {
        return counted.inSecond(now);
    }

    int concurrent(long now) {
        return slots.most(now);
    }

    int underWay() {
        return slots.used();
    }
}
