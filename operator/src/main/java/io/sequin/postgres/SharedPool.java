package io.sequin.postgres;

import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import java.sql.Connection;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The pool of one way to one database, for all who use it: together they never hold more connections than allowed. Who
 * finds none free waits in line. One connection less than allowed, since verification opens one of its own.
 */
final class SharedPool {
    private final PostgresSettings settings;
    private final Timeouts timeouts;
    private final PooledDatabase pool;
    private final int size;
    private final Semaphore free;

    SharedPool(PooledDatabase pool, PostgresSettings settings, Timeouts timeouts) {
        this.settings = settings;
        this.timeouts = timeouts;
        this.pool = pool;
        this.size = size(settings);
        this.free = new Semaphore(size, true);
    }

    /** Connections that are not kept for verification. */
    static int size(PostgresSettings settings) {
        return Math.max(1, settings.maxConnections() - 1);
    }

    PooledDatabase pool() {
        return pool;
    }

    /** How it is used now. */
    PoolUse use() {
        return pool.use(free.getQueueLength());
    }

    /**
     * A connection; closing it frees its place.
     *
     * @param returned told of it then
     */
    Connection borrow(Consumer<Connection> returned) {
        awaitTurn();
        boolean borrowed = false;
        try {
            Connection connection = new BorrowedConnection(pool.connect(), back -> {
                free.release();
                returned.accept(back);
            });
            borrowed = true;
            return connection;
        } finally {
            if (!borrowed) {
                free.release();
            }
        }
    }

    private void awaitTurn() {
        try {
            if (free.tryAcquire(timeouts.borrow().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseInterruptedException(e);
        }
        throw new PostgresException(
                Problem.of(
                        PostgresProblem.TOO_MANY_CONNECTIONS,
                        "All connections that the Syncs of this Destination may have to " + settings.address() + " ("
                                + size + ") were in use for "
                                + timeouts.borrow().toSeconds()
                                + " s. Where the server can bear more, raise the Destination's"
                                + " spec.postgres.maxConnections. Tried again."),
                null,
                null);
    }
}
