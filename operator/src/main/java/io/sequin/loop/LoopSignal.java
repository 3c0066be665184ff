package io.sequin.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a loop's thread is told from outside: to wake, to stop. */
final class LoopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoops.class);

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private boolean woken;
    private boolean interruptible;
    private @Nullable StopReason reason;

    LoopSignal(Thread thread) {
        this.thread = thread;
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void stop(StopReason why) {
        lock.lock();
        try {
            reason = why;
            told.signalAll();
            if (interruptible) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean stopped() {
        return reason().isPresent();
    }

    Optional<StopReason> reason() {
        lock.lock();
        try {
            return Optional.ofNullable(reason);
        } finally {
            lock.unlock();
        }
    }

    /** From here on a stop interrupts the thread. */
    void interruptible() {
        lock.lock();
        try {
            interruptible = true;
            if (reason != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** From here on a stop does not interrupt, and an interrupt that came before is forgotten: a body closes in peace. */
    void uninterruptible() {
        lock.lock();
        try {
            interruptible = false;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until woken, stopped or the time is over; true when woken, which is used up by that. */
    boolean await(Duration time) {
        lock.lock();
        try {
            long end = System.nanoTime() + time.toNanos();
            for (long left = time.toNanos(); !woken && reason == null && left > 0; left = end - System.nanoTime()) {
                try {
                    told.awaitNanos(left);
                } catch (InterruptedException e) {
                    LOG.trace("an interrupt ends no wait by itself: a stop has set its reason before", e);
                }
            }
            boolean result = woken;
            woken = false;
            return result;
        } finally {
            lock.unlock();
        }
    }
}
