package io.sequin.app;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Gives heap back to Linux once work is done, by a full collection: the serial collector shrinks the heap in no other, and
 * an idle operator has no occasion for one.
 */
final class HeapReturn implements AutoCloseable {
    /** So long the process must have been quiet. */
    private static final Duration PERIOD = Duration.ofSeconds(20);
    /** Of one processor; 1,000 Syncs that wait for their next poll use half of it. */
    private static final double QUIET = 0.2;
    /** Grown by so much since the last collection the heap is worth another one. */
    private static final double GROWN = 1.25;
    /**
     * So many looks later one more collection is worth it: what was under way at the first, and what softly held caches
     * keep until it has not been used for a minute, goes with it. Measured with 1,000 Syncs: 40 MB left by the first, 29 by
     * the second.
     */
    private static final int LATER = 6;

    private final Supplier<Reading> readings;
    private final Runnable collector;
    private final ScheduledFuture<?> looks;
    private Reading before;
    private Last last = new Last(0, 0, true);

    /**
     * What the process has.
     *
     * @param cpu processor time since its start
     * @param committed size of the heap as Linux knows it, in bytes
     */
    record Reading(Duration cpu, long committed) {
        static Reading now() {
            Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
            return new Reading(cpu, Runtime.getRuntime().totalMemory());
        }
    }

    /**
     * The last collection asked for.
     *
     * @param left the heap's size after it, in bytes; 0: there was none
     * @param looks since then
     * @param again it was the second of its kind
     */
    record Last(long left, int looks, boolean again) {
        private Last looked() {
            return new Last(left, looks + 1, again);
        }
    }

    /** Looks from now on, three times a minute. */
    static HeapReturn start(ScheduledExecutorService ticker) {
        return new HeapReturn(ticker, Reading::now, System::gc);
    }

    /** @param collector makes a full collection */
    HeapReturn(ScheduledExecutorService ticker, Supplier<Reading> readings, Runnable collector) {
        this.readings = readings;
        this.collector = collector;
        before = readings.get();
        looks = ticker.scheduleWithFixedDelay(this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Collects, if it is the time. */
    synchronized void look() {
        Reading now = readings.get();
        last = last.looked();
        if (isDue(before, now, last)) {
            boolean again = !hasGrown(now, last);
            collector.run();
            now = readings.get();
            last = new Last(now.committed(), 0, again);
        }
        before = now;
    }

    /** Whether to collect now. */
    static boolean isDue(Reading before, Reading now, Last last) {
        Duration used = now.cpu().minus(before.cpu());
        boolean quiet = used.toMillis() <= PERIOD.toMillis() * QUIET;
        return quiet && (hasGrown(now, last) || (!last.again() && last.looks() >= LATER));
    }

    private static boolean hasGrown(Reading now, Last last) {
        return now.committed() > last.left() * GROWN;
    }

    @Override
    public void close() {
        looks.cancel(true);
    }
}
