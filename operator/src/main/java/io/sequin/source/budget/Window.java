package io.sequin.source.budget;

import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many starts in any interval of a length. */
final class Window {
    /** More are counted in shorter intervals, which is never less strict, so that memory is bounded. */
    private static final int REMEMBERED = 1_000;

    private final int most;
    private final long interval;
    private final Deque<Long> starts = new ArrayDeque<>();

    Window(int most, long interval) {
        int parts = Math.ceilDiv(most, REMEMBERED);
        this.most = most / parts;
        this.interval = interval / parts;
    }

    long freeAt(long now) {
        forget(now);
        return starts.size() < most ? now : starts.getFirst() + interval;
    }

    void take(long now) {
        starts.addLast(now);
    }

    boolean isAtRest(long now) {
        forget(now);
        return starts.isEmpty();
    }

    private void forget(long now) {
        while (!starts.isEmpty() && now - starts.getFirst() >= interval) {
            starts.removeFirst();
        }
    }
}
