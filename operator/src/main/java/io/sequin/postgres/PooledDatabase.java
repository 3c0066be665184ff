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
final class PooledDatabase implements Database {
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
            Connector connector,
            PostgresSettings settings,
            String application,
            Timeouts timeouts,
            ScheduledExecutorService housekeeping) {
        this.settings = settings;
        this.timeouts = timeouts;
        this.source = new ConnectionSource(connector, settings, application, timeouts);
        this.pool = new HikariDataSource(config(application, housekeeping));
    }

    private HikariConfig config(String application, ScheduledExecutorService housekeeping) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(application);
        config.setDataSource(source);
        config.setMaximumPoolSize(settings.maxConnections());
        config.setMinimumIdle(0);
        config.setIdleTimeout(MAX_IDLE.toMillis());
        config.setMaxLifetime(MAX_LIFETIME.toMillis());
        config.setConnectionTimeout(timeouts.borrow().toMillis());
        config.setValidationTimeout(Math.min(5000, timeouts.borrow().toMillis()));
        config.setAutoCommit(false);
        // no connection and no check before the first one is asked for
        config.setInitializationFailTimeout(-1);
        config.setScheduledExecutor(housekeeping);
        config.setThreadFactory(
                Thread.ofVirtual().name("pool-" + application + "-", 0).factory());
        return config;
    }

    @Override
    public Connection connect() {
        if (!answering) {
            makeFirstContact();
        }
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw borrowFailed(e);
        } finally {
            source.dropHandedOver();
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
                        PostgresProblem.TOO_MANY_CONNECTIONS,
                        "All " + settings.maxConnections() + " connections of this pool to " + settings.address()
                                + " are in use; tried again."),
                null,
                e);
    }

    @Override
    public void discard(Connection connection) {
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

    @Override
    public int majorVersion() {
        return server().majorVersion();
    }

    @Override
    public String user() {
        return server().user();
    }

    private Server server() {
        Server known = server;
        if (known != null) {
            return known;
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_user")) {
            row.next();
            Server found = new Server(connection.getMetaData().getDatabaseMajorVersion(), row.getString(1));
            server = found;
            return found;
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    @Override
    public void refreshCredentials() {
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

    @Override
    public void close() {
        pool.close();
        source.dropHandedOver();
    }
}
