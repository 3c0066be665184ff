package io.sequin.testkit.proxy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The faults that are switched on, asked by every connection before it passes bytes on. */
final class Faults {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Direction> frozen = EnumSet.noneOf(Direction.class);
    private final Map<Direction, Long> budget = new EnumMap<>(Direction.class);
    private Duration latency = Duration.ZERO;

    void freeze(Direction direction) {
        change(() -> frozen.add(direction));
    }

    void delay(Duration each) {
        change(() -> latency = each);
    }

    void cutAfter(Direction direction, long bytes) {
        change(() -> budget.put(direction, bytes));
    }

    void clear() {
        change(() -> {
            frozen.clear();
            budget.clear();
            latency = Duration.ZERO;
        });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What may be done with a piece of data.
     *
     * @param bytes how many of them may pass
     * @param cut whether the connection is reset after them
     */
    record Verdict(int bytes, boolean cut) {}

    /** Waits as the faults want it, then decides on a piece of data. */
    Verdict admit(Direction direction, int bytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            await(direction);
            return spend(direction, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Waits as the faults want it before one side learns how the other ended. */
    void admitEnd(Direction direction) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            await(direction);
        } finally {
            lock.unlock();
        }
    }

    private void await(Direction direction) throws InterruptedException {
        long begin = System.nanoTime();
        long left = latency.toNanos();
        while (left > 0 || frozen.contains(direction)) {
            if (frozen.contains(direction)) {
                changed.await();
            } else {
                changed.awaitNanos(left);
            }
            left = latency.toNanos() - (System.nanoTime() - begin);
        }
    }

    /** The cut happens once: whoever uses the last byte up is cut. */
    private Verdict spend(Direction direction, int bytes) {
        Long left = budget.get(direction);
        if (left == null) {
            return new Verdict(bytes, false);
        }
        if (bytes < left) {
            budget.put(direction, left - bytes);
            return new Verdict(bytes, false);
        }
        budget.remove(direction);
        return new Verdict(Math.toIntExact(left), true);
    }
}
