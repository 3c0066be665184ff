package io.sequin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A connection of a pool as its borrower sees it: closing it also gives the borrower's place back, once. */
final class BorrowedConnection extends ForwardingConnection {
    private final Consumer<Connection> returned;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param returned told once of this one, after the pool's is back there
     */
    BorrowedConnection(Connection pooled, Consumer<Connection> returned) {
        super(pooled);
        this.returned = returned;
    }

    /** The pool's own object behind a borrowed one. */
    static Connection pooled(Connection borrowed) {
        return ((BorrowedConnection) borrowed).pooled;
    }

    @Override
    public void close() throws SQLException {
        try {
            pooled.close();
        } finally {
            if (closed.compareAndSet(false, true)) {
                returned.accept(this);
            }
        }
    }
}
