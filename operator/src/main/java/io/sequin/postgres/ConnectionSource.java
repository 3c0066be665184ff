package io.sequin.postgres;

import io.sequin.data.PostgresSettings;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where the pool gets its connections: one that was handed over by a borrower's own thread, else a new one, always with
 * the credentials of that moment.
 */
final class ConnectionSource implements DataSource {
    private final Connector connector;
    private final PostgresSettings settings;
    private final String application;
    private final Timeouts timeouts;
    private final ConnectCounter connects;
    private final Deque<Connection> handedOver = new ArrayDeque<>();
    private volatile @Nullable Login current;

    ConnectionSource(
            Connector connector,
            PostgresSettings settings,
            String application,
            Timeouts timeouts,
            ConnectCounter connects) {
        this.connector = connector;
        this.settings = settings;
        this.application = application;
        this.timeouts = timeouts;
        this.connects = connects;
    }

    /** Opens a connection on the calling thread and keeps it for the pool's next request. */
    void openAndHandOver() {
        Connection connection = open();
        synchronized (handedOver) {
            handedOver.addLast(connection);
        }
    }

    /** Closes what the pool did not take. */
    void dropHandedOver() {
        synchronized (handedOver) {
            while (!handedOver.isEmpty()) {
                abort(handedOver.removeFirst());
            }
        }
    }

    /** Whether the credentials differ from those of the newest connection; false before the first one. */
    boolean credentialsChanged() {
        Login known = current;
        return known != null && !known.equals(connector.login(settings));
    }

    private Connection open() {
        boolean opened = false;
        try {
            Login login = connector.login(settings);
            Connection connection =
                    connector.open(settings, login, application, timeouts).connection();
            current = login;
            opened = true;
            return connection;
        } finally {
            if (opened) {
                connects.opened();
            } else {
                connects.failed();
            }
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        synchronized (handedOver) {
            if (!handedOver.isEmpty()) {
                return handedOver.removeFirst();
            }
        }
        try {
            return open();
        } catch (PostgresException | DatabaseInterruptedException e) {
            // the pool expects this type; the cause comes back out of it
            throw new SQLException("no connection", e);
        }
    }

    static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("credentials come from their Secret only");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException("no log writer");
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("no log writer");
    }

    /** Ignored: our own time-outs apply. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return (int) timeouts.connect().toSeconds();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("no logger of its own");
    }

    @Override
    public <T> T unwrap(Class<T> kind) throws SQLException {
        throw new SQLFeatureNotSupportedException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> kind) {
        return false;
    }
}
