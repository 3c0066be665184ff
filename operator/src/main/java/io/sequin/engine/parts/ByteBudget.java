package io.sequin.engine.parts;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The bytes that all lanes of this process may hold at once. A lane reserves before it reads. Who waits comes first; who
 * asks for more than there is in all waits until it is alone.
 */
public final class ByteBudget {
    /** 48 MiB. */
    public static final long DEFAULT = 48L << 20;

    private static final int UNIT = 1024;

    private final int total;
    private final Units free;

    /**
     * A budget of its own.
     *
     * @param bytes at least 1 KiB, at most 2 TiB
     */
    public ByteBudget(long bytes) {
        this.total = Math.toIntExact(bytes / UNIT);
        if (total < 1) {
            throw new IllegalArgumentException("a budget of " + bytes + " bytes is too small");
        }
        this.free = new Units(total);
    }

    /** Waits until so many bytes are free. Whoever holds a reservation must not wait for another one. */
    public Reservation reserve(long bytes) throws InterruptedException {
        int units = atMostAll(bytes);
        free.acquire(units);
        return new Reservation(units, 0);
    }

    /**
     * For what is fetched before it is needed: takes so many bytes where that needs no wait, passes nobody who waits, and
     * leaves a quarter of all and as much again free for what is needed now. So does what grows from it.
     */
    public Optional<Reservation> reserveAhead(long bytes) throws InterruptedException {
        int units = atMostAll(bytes);
        int leave = Math.max(total / 4, units);
        return take(units, leave) ? Optional.of(new Reservation(units, leave)) : Optional.empty();
    }

    private boolean take(int units, int leave) throws InterruptedException {
        if (!free.tryAcquire(units + leave, 0, TimeUnit.SECONDS)) {
            return false;
        }
        free.release(leave);
        return true;
    }

    /** Bytes there are in all. */
    public long total() {
        return (long) total * UNIT;
    }

    /** Bytes not reserved now; negative while a large record exceeds the budget. */
    public long available() {
        return (long) free.availablePermits() * UNIT;
    }

    private int atMostAll(long bytes) {
        return Math.min(units(bytes), total);
    }

    private static int units(long bytes) {
        return Math.toIntExact((bytes + UNIT - 1) / UNIT);
    }

    /** Bytes held until closed. For one thread at a time. */
    public final class Reservation implements AutoCloseable {
        private int leave;
        private int held;

        private Reservation(int held, int leave) {
            this.held = held;
            this.leave = leave;
        }

        /** Holds so many bytes more, where that needs no wait and passes nobody who waits. */
        public boolean tryGrow(long bytes) throws InterruptedException {
            int more = units(bytes);
            if (!take(more, leave)) {
                return false;
            }
            held += more;
            return true;
        }

        /** What was fetched ahead is needed now: it grows like everything else. */
        public void needed() {
            leave = 0;
        }

        /** Holds what is really there: gives back, or takes without waiting what is in memory already. */
        public void resize(long bytes) {
            int wanted = units(bytes);
            if (wanted < held) {
                free.release(held - wanted);
            } else {
                free.take(wanted - held);
            }
            held = wanted;
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }

    private static final class Units extends Semaphore {
        private static final long serialVersionUID = 1L;

        Units(int total) {
            super(total, true);
        }

        void take(int units) {
            reducePermits(units);
        }
    }
}
