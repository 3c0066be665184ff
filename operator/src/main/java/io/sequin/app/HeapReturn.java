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

    private final Supplier<Reading> readings;
    private final Runnable collector;
    private final ScheduledFuture<?> looks;
    private Reading before;
    private long left;

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
        if (isDue(before, now, left)) {
            collector.run();
            now = readings.get();
            left = now.committed();
        }
        before = now;
    }

    /** @param left the heap's size after the last collection asked for here, in bytes; 0: there was none */
    static boolean isDue(Reading before, Reading now, long left) {
        Duration used = now.cpu().minus(before.cpu());
        return used.toMillis() <= PERIOD.toMillis() * QUIET && now.committed() > left * GROWN;
    }

    @Override
    public void close() {
        looks.cancel(true);
    }
}
