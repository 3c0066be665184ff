package io.sequin.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a loop, one step after the other, and what the loop is told from outside: to wake, to stop. While it rests
 * there is no thread: its stack would be kept for each of a thousand loops that have nothing to do.
 */
final class LoopThread {
    private final ScheduledExecutorService ticker;
    private final ThreadFactory threads;
    private final Supplier<Optional<Duration>> step;
    private final CountDownLatch ended = new CountDownLatch(1);

    private @Nullable Thread working;
    private @Nullable Future<?> due;
    private boolean interruptible;
    private boolean woken;
    private @Nullable StopReason reason;

    /**
     * @param ticker begins the next step when the rest is over; does no work itself
     * @param step what to do, and how long to rest then unless told something; empty: it was the last one
     */
    LoopThread(ScheduledExecutorService ticker, ThreadFactory threads, Supplier<Optional<Duration>> step) {
        this.ticker = ticker;
        this.threads = threads;
        this.step = step;
    }

    /** Lets the next step begin now, unless one is under way or all is over. */
    synchronized void begin() {
        if (working != null || ended.getCount() == 0) {
            return;
        }
        if (due != null) {
            due.cancel(false);
            due = null;
        }
        working = threads.newThread(this::work);
        working.start();
    }

    /** The same; where one is under way, another one follows it at once. */
    synchronized void wake() {
        woken = true;
        begin();
    }

    /** Whether it was woken since this was asked last. */
    synchronized boolean wasWoken() {
        boolean result = woken;
        woken = false;
        return result;
    }

    synchronized void stop(StopReason why) {
        reason = why;
        if (interruptible) {
            interrupt();
        }
        begin();
    }

    boolean stopped() {
        return reason().isPresent();
    }

    synchronized Optional<StopReason> reason() {
        return Optional.ofNullable(reason);
    }

    /** From here on, within a step, a stop interrupts the thread. */
    synchronized void interruptible() {
        interruptible = true;
        if (reason != null) {
            interrupt();
        }
    }

    /** From here on a stop does not interrupt, and an interrupt that came before is forgotten: a body closes in peace. */
    synchronized void uninterruptible() {
        interruptible = false;
        Thread.interrupted();
    }

    synchronized void interrupt() {
        if (working != null) {
            working.interrupt();
        }
    }

    /** Waits for the end of the last step; false where it did not come in time. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void work() {
        while (!rests(step.get())) {
            // told something meanwhile: the next step follows at once
        }
    }

    /** Whether there is nothing to do until the time is over, or for ever. */
    private synchronized boolean rests(Optional<Duration> time) {
        if (time.isPresent() && (woken || reason != null)) {
            return false;
        }
        working = null;
        if (time.isPresent()) {
            due = ticker.schedule(this::begin, time.get().toNanos(), TimeUnit.NANOSECONDS);
        } else {
            ended.countDown();
        }
        return true;
    }
}
