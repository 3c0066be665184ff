package io.sequin.source.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Interrupts virtual threads that take too long, which ends what they wait for at a socket. One thread looks at all of
 * them now and then while there are any, so that to set a deadline wakes nobody. Safe for threads.
 */
final class Deadlines {
    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Duration limit;
    private final Duration look;

    /** @param limit what each may take; it may take a tenth more until it is noticed, at most a second */
    Deadlines(Duration limit) {
        this.limit = limit;
        Duration tenth = limit.dividedBy(10).plusMillis(1);
        this.look = tenth.compareTo(Duration.ofSeconds(1)) < 0 ? tenth : Duration.ofSeconds(1);
    }

    /** Of the calling thread; to be closed by it. */
    Deadline begin() {
        Deadline deadline = new Deadline(System.nanoTime() + limit.toNanos());
        running.add(deadline);
        watch();
        return deadline;
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            Thread.ofVirtual().name("http-deadlines").start(this::run);
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
    final class Deadline implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final long at;
        private boolean done;
        private boolean passed;

        private Deadline(long at) {
            this.at = at;
        }

        private synchronized void look(long now) {
            // one that somebody else has interrupted ends by that
            if (!done && !passed && now - at >= 0 && !thread.isInterrupted()) {
                passed = true;
                thread.interrupt();
            }
        }

        /** Whether it has passed; afterwards nobody is interrupted any more, and an interrupt of ours is taken back. */
        synchronized boolean passed() {
            if (!done && passed) {
                Thread.interrupted();
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
}
