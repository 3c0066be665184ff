package io.sequin.engine;

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
        return new Reservation(units);
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

    /** Bytes held until closed. For one thread. */
    public final class Reservation implements AutoCloseable {
        private int held;

        private Reservation(int held) {
            this.held = held;
        }

        /** Holds so many bytes more, where that needs no wait and passes nobody who waits. */
        public boolean tryGrow(long bytes) throws InterruptedException {
            int more = units(bytes);
            if (!free.tryAcquire(more, 0, TimeUnit.SECONDS)) {
                return false;
            }
            held += more;
            return true;
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
