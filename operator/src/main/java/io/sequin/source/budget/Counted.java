package io.sequin.source.budget;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The requests that the source may count within its present second: it met each one at some time between sending and
 * answer. Keeps below the documented limit however late requests arrive.
 */
final class Counted {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int limit;
    private final Deque<Long> answered = new ArrayDeque<>();
    private int underWay;

    Counted(int limit) {
        this.limit = limit;
    }

    /** When the next one may go; {@link Bucket#ON_ANSWER} where an answer must come first. */
    long freeAt(long now) {
        if (inSecond(now) < limit) {
            return now;
        }
        return answered.isEmpty() ? Bucket.ON_ANSWER : answered.getFirst() + SECOND;
    }

    int inSecond(long now) {
        while (!answered.isEmpty() && now - answered.getFirst() >= SECOND) {
            answered.removeFirst();
        }
        return underWay + answered.size();
    }

    void start() {
        underWay++;
    }

    void end(long now) {
        underWay--;
        answered.addLast(now);
    }
}
