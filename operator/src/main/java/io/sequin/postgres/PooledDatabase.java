package io.sequin.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pool by HikariCP. The pool alone would answer a failing login only after its whole time-out, and log in about ten
 * times meanwhile; so while the server isn't known to answer, the borrower itself opens a connection first, on its own
 * thread, one borrower at a time, and hands it to the pool.
 */
final class PooledDatabase {
    /** What the server shows until a user has borrowed the connection. */
    static final String APPLICATION = "sequin";

    private static final Duration MAX_LIFETIME = Duration.ofMinutes(5);
    private static final Duration MAX_IDLE = Duration.ofMinutes(1);

    private final PostgresSettings settings;
    private final Timeouts timeouts;
    private final ConnectionSource source;
    private final HikariDataSource pool;
    private final ReentrantLock firstContact = new ReentrantLock();
    private volatile boolean answering;
    private volatile @Nullable PostgresException lastFailure;
    private volatile @Nullable Server server;

    private record Server(int majorVersion, String user) {}

    PooledDatabase(
            ConnectionSource source,
            PostgresSettings settings,
            Timeouts timeouts,
            ScheduledExecutorService housekeeping) {
        this.settings = settings;
        this.timeouts = timeouts;
        this.source = source;
        this.pool = new HikariDataSource(config(housekeeping));
    }

    private HikariConfig config(ScheduledExecutorService housekeeping) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sequin " + settings.address());
        config.setDataSource(source);
        config.setMaximumPoolSize(SharedPool.size(settings));
        config.setMinimumIdle(0);
        config.setIdleTimeout(MAX_IDLE.toMillis());
        config.setMaxLifetime(MAX_LIFETIME.toMillis());
        // a place is free already: what is waited for is the server
        config.setConnectionTimeout(timeouts.connect().toMillis());
        config.setValidationTimeout(Math.min(5000, timeouts.connect().toMillis()));
        config.setAutoCommit(false);
        // no connection and no check before the first one is asked for
        config.setInitializationFailTimeout(-1);
        config.setScheduledExecutor(housekeeping);
        config.setThreadFactory(Thread.ofVirtual().name("pool-", 0).factory());
        return config;
    }

    /** A connection, with auto-commit off. The caller sees to it that no more are borrowed than the pool has. */
    Connection connect() {
        if (!answering) {
            makeFirstContact();
        }
        Connection connection;
        try {
            connection = pool.getConnection();
        } catch (SQLException e) {
            throw borrowFailed(e);
        } finally {
            source.dropHandedOver();
        }
        try {
            learn(connection);
            return connection;
        } catch (SQLException e) {
            discard(connection);
            throw SqlStates.translate(e);
        }
    }

    /** One at a time; those who waited for a try that failed share its failure, instead of waiting for one each. */
    private void makeFirstContact() {
        PostgresException before = lastFailure;
        try {
            firstContact.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseInterruptedException(e);
        }
        try {
            PostgresException meanwhile = lastFailure;
            if (!answering && meanwhile != null && meanwhile != before) {
                throw new PostgresException(
                        meanwhile.problem(), meanwhile.sqlState().orElse(null), meanwhile);
            }
            if (!answering) {
                source.openAndHandOver();
                answering = true;
            }
        } catch (PostgresException e) {
            lastFailure = e;
            throw e;
        } finally {
            firstContact.unlock();
        }
    }

    private RuntimeException borrowFailed(SQLException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new DatabaseInterruptedException(e);
        }
        PostgresException known = SqlStates.findCause(e, PostgresException.class);
        if (known != null) {
            answering = false;
            return new PostgresException(known.problem(), known.sqlState().orElse(null), e);
        }
        if (pool.isClosed()) {
            return new IllegalStateException("the pool is closed", e);
        }
        return new PostgresException(
                Problem.of(
                        PostgresProblem.CONNECTION_TIMEOUT,
                        "No connection to " + settings.address() + " came about in time; tried again."),
                null,
                e);
    }

    void discard(Connection connection) {
        try {
            if (!connection.isClosed()) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        } finally {
            pool.evictConnection(connection);
        }
    }

    int majorVersion() {
        return server().majorVersion();
    }

    String user() {
        return server().user();
    }

    private Server server() {
        Server known = server;
        if (known != null) {
            return known;
        }
        try (Connection connection = connect()) {
            return learn(connection);
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    /** From a connection that is there anyway: a user may hold the only one that it gets. */
    private Server learn(Connection connection) throws SQLException {
        Server known = server;
        if (known != null) {
            return known;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_user")) {
            row.next();
            Server found = new Server(connection.getMetaData().getDatabaseMajorVersion(), row.getString(1));
            connection.rollback();
            server = found;
            return found;
        }
    }

    void refreshCredentials() {
        if (source.credentialsChanged()) {
            answering = false;
            server = null;
            HikariPoolMXBean live = pool.getHikariPoolMXBean();
            if (live != null) {
                // idle ones now, borrowed ones when they come back
                live.softEvictConnections();
            }
        }
    }

    /**
     * How it is used now.
     *
     * @param waiting threads that wait for a connection
     */
    PoolUse use(int waiting) {
        HikariPoolMXBean live = pool.getHikariPoolMXBean();
        return new PoolUse(
                settings.password().namespace(),
                settings.address() + "/" + settings.database(),
                live == null ? 0 : live.getActiveConnections(),
                live == null ? 0 : live.getIdleConnections(),
                waiting,
                pool.getMaximumPoolSize());
    }

    void close() {
        pool.close();
        source.dropHandedOver();
    }
}
