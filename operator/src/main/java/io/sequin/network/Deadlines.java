package io.sequin.network;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what takes too long at a socket, where the socket has no time-out of its own. One thread looks at all of it now and
 * then while there is any, so that to set a deadline wakes nobody. Safe for threads.
 */
public final class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Duration limit;
    private final Duration look;

    /** @param limit what each may take; it may take a tenth more until it is noticed, at most a second */
    public Deadlines(Duration limit) {
        this.limit = limit;
        Duration tenth = limit.dividedBy(10).plusMillis(1);
        this.look = tenth.compareTo(Duration.ofSeconds(1)) < 0 ? tenth : Duration.ofSeconds(1);
    }

    /** What each may take. */
    public Duration limit() {
        return limit;
    }

    /**
     * Interrupts the calling thread when it passes; to be closed by it. A virtual thread then ends what it waits for at a
     * socket, others go on waiting.
     */
    public Deadline interrupting() {
        return begin(new Interrupting(end()));
    }

    /** Closes this when it passes, from another thread; to be closed itself by the calling one. */
    public Deadline closing(Closeable what) {
        return begin(new Closing(end(), what));
    }

    private long end() {
        return System.nanoTime() + limit.toNanos();
    }

    private Deadline begin(Deadline deadline) {
        running.add(deadline);
        watch();
        return deadline;
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            Thread.ofVirtual().name("deadlines").start(this::run);
        }
    }

    private void run() {
        try {
            while (!running.isEmpty()) {
                Thread.sleep(look);
                long now = System.nanoTime();
                running.forEach(deadline -> deadline.look(now));
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        } finally {
            watched.set(false);
        }
        // one that came between the last look and the line above
        if (!running.isEmpty()) {
            watch();
        }
    }

    /** The time until which one thread has to be done. */
    public abstract sealed class Deadline implements AutoCloseable {
        private final long at;
        private boolean done;
        private boolean passed;

        private Deadline(long at) {
            this.at = at;
        }

        private synchronized void look(long now) {
            if (!done && !passed && now - at >= 0) {
                passed = strike();
            }
        }

        /** Ends what the thread waits for; false: that was not needed. */
        abstract boolean strike();

        /** The thread is done though it was struck. */
        abstract void takeBack();

        /** Whether it has passed; afterwards nothing is ended any more, and an interrupt of ours is taken back. */
        public synchronized boolean passed() {
            if (!done && passed) {
                takeBack();
            }
            done = true;
            return passed;
        }

        @Override
        public void close() {
            passed();
            running.remove(this);
        }
    }

    private final class Interrupting extends Deadline {
        private final Thread thread = Thread.currentThread();

        private Interrupting(long at) {
            super(at);
        }

        @Override
        boolean strike() {
            // one that somebody else has interrupted ends by that
            if (thread.isInterrupted()) {
                return false;
            }
            thread.interrupt();
            return true;
        }

        @Override
        void takeBack() {
            Thread.interrupted();
        }
    }

    private final class Closing extends Deadline {
        private final Closeable what;

        private Closing(long at, Closeable what) {
            super(at);
            this.what = what;
        }

        @Override
        boolean strike() {
            try {
                what.close();
            } catch (IOException e) {
                LOG.warn("what took too long was closed with an error", e);
            }
            return true;
        }

        @Override
        void takeBack() {
            // it stays closed
        }
    }
}
