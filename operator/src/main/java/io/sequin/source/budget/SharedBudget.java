package io.sequin.source.budget;

import io.sequin.source.Throttle;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A budget for many threads: those that wait sleep, and one of them keeps the time for all. */
final class SharedBudget {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Ticket, Condition> sleepers = new HashMap<>();
    private final Budget budget;
    private final LongSupplier nanos;
    private @Nullable Ticket timekeeper;

    /**
     * @param nanos a monotonic clock that began at zero
     */
    SharedBudget(Budget budget, LongSupplier nanos) {
        this.budget = budget;
        this.nanos = nanos;
    }

    /**
     * The end of a wait.
     *
     * @param later how long to wait elsewhere; zero: the request may be sent
     * @param bySource the source's limit is what holds it up, not the Sync's own
     */
    record Entry(Duration later, boolean bySource) {}

    /**
     * Waits until the request may go, or says that this will take longer.
     *
     * @param longest wait for the source's limits
     * @param own the same for the Sync's ceiling; not less
     */
    Entry enter(Ticket ticket, Duration longest, Duration own) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            budget.ask(ticket);
            try {
                return await(ticket, longest.toNanos(), own.toNanos());
            } catch (InterruptedException e) {
                if (ticket.isSent()) {
                    // let through on its way out: no request is made that would end it
                    ended(ticket);
                }
                throw e;
            } finally {
                sleepers.remove(ticket);
                if (!ticket.isSent()) {
                    budget.giveUp(ticket);
                }
                handOver(ticket);
            }
        } finally {
            lock.unlock();
        }
    }

    private Entry await(Ticket ticket, long longest, long own) throws InterruptedException {
        Condition mine = lock.newCondition();
        sleepers.put(ticket, mine);
        // may be the first that is due
        timekeeper = ticket;
        while (true) {
            long now = nanos.getAsLong();
            grant(now);
            if (ticket.isSent()) {
                return new Entry(Duration.ZERO, false);
            }
            long free = budget.freeAt(ticket, now);
            long source = budget.ofSource(ticket, now);
            if (free != Bucket.ON_ANSWER && (source - now > longest || free - now > own)) {
                boolean bySource = source == free;
                if (!bySource) {
                    budget.parked(ticket, free);
                }
                return new Entry(Duration.ofNanos(free - now), bySource);
            }
            if (timekeeper == null) {
                timekeeper = ticket;
            }
            if (timekeeper == ticket) {
                mine.awaitNanos(Math.max(1, budget.nextAt(now) - now));
            } else {
                mine.await();
            }
        }
    }

    /** Where nobody keeps the time any more another does; one that is on its way out itself hands over in its turn. */
    private void handOver(Ticket gone) {
        if (timekeeper == gone || timekeeper == null) {
            timekeeper = null;
            signal(sleepers.values().stream().findFirst().orElse(null));
        }
    }

    private void grant(long now) {
        for (Ticket granted : budget.grant(now)) {
            signal(sleepers.get(granted));
        }
    }

    /** The request has ended; who waits is looked at again. */
    void end(Ticket ticket) {
        change(b -> ended(ticket));
    }

    private void ended(Ticket ticket) {
        long now = nanos.getAsLong();
        budget.end(ticket, now);
        grant(now);
        // what the others wait for may come sooner now
        signal(timekeeper == null ? null : sleepers.get(timekeeper));
    }

    /** The source asked to slow down, and not to be asked before so long from now. */
    void slowDown(Ticket ticket, Throttle throttle, Duration pause) {
        change(b -> {
            long now = nanos.getAsLong();
            b.slowDown(ticket, throttle, now, now + pause.toNanos());
            // some may have to wait elsewhere
            sleepers.values().forEach(SharedBudget::signal);
        });
    }

    /** Does something with the budget while nobody else does. */
    void change(Consumer<Budget> what) {
        lock.lock();
        try {
            what.accept(budget);
        } finally {
            lock.unlock();
        }
    }

    /** Asks the budget while nobody changes it. */
    <T> T ask(Function<Budget, T> what) {
        lock.lock();
        try {
            return what.apply(budget);
        } finally {
            lock.unlock();
        }
    }

    private static void signal(@Nullable Condition sleeper) {
        if (sleeper != null) {
            sleeper.signal();
        }
    }
}
