package io.sequin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One user's share of a pool. Closing it throws away what the user has still borrowed. */
final class SharedDatabase implements Database {
    private final SharedPool shared;
    private final String application;
    private final Runnable left;
    private final Set<Connection> borrowed = new CopyOnWriteArraySet<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param application what {@code pg_stat_activity} shows while this user has a connection
     * @param left called once, when the user has gone
     */
    SharedDatabase(SharedPool shared, String application, Runnable left) {
        this.shared = shared;
        this.application = application;
        this.left = left;
    }

    @Override
    public Connection connect() {
        if (closed.get()) {
            throw new IllegalStateException("the database is closed");
        }
        Connection connection = shared.borrow(borrowed::remove);
        borrowed.add(connection);
        try {
            // a statement only where the last user was another
            connection.setClientInfo("ApplicationName", application);
            return connection;
        } catch (SQLException e) {
            RuntimeException also = throwAway(connection, null);
            if (also != null) {
                e.addSuppressed(also);
            }
            throw SqlStates.translate(e);
        }
    }

    @Override
    public void discard(Connection connection) {
        shared.pool().discard(BorrowedConnection.pooled(connection));
    }

    @Override
    public int majorVersion() {
        return shared.pool().majorVersion();
    }

    @Override
    public String user() {
        return shared.pool().user();
    }

    @Override
    public void refreshCredentials() {
        shared.pool().refreshCredentials();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            RuntimeException failure = null;
            for (Connection connection : borrowed) {
                failure = throwAway(connection, failure);
            }
            failure = attempt(left, failure);
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Whatever fails, its place is free afterwards. Nothing happens to one that is back already. */
    private @Nullable RuntimeException throwAway(Connection connection, @Nullable RuntimeException before) {
        RuntimeException failure = attempt(() -> discardUnlessBack(connection), before);
        return attempt(() -> giveBack(connection), failure);
    }

    private void discardUnlessBack(Connection connection) {
        if (!isBack(connection)) {
            discard(connection);
        }
    }

    /** Does it, and returns the first failure so far, which holds the later ones. */
    private static @Nullable RuntimeException attempt(Runnable step, @Nullable RuntimeException before) {
        try {
            step.run();
            return before;
        } catch (RuntimeException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
            return before;
        }
    }

    private static boolean isBack(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }
}
