package io.sequin.postgres.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open transaction: statements with bound values. Ended by {@link Transactions}. */
public final class Transaction {
    private static final int FETCHED = 100;

    private final Connection connection;
    private boolean poisoned;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** Reads one row of a result. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The connection, for COPY and arrays; never commit, roll back or close it. */
    public Connection connection() {
        return connection;
    }

    /** The connection must not be used again: a COPY failed on it. */
    public void poison() {
        poisoned = true;
    }

    boolean poisoned() {
        return poisoned;
    }

    /** Runs statements that take no values, as in DDL. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement with bound values; returns the number of rows it changed. */
    public int update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** All rows of a query. */
    public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    /** What to do with each row of a result. */
    @FunctionalInterface
    public interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }

    /** Each row of a query, few of them in memory at a time. */
    public void stream(String sql, RowConsumer each, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            statement.setFetchSize(FETCHED);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(rows);
                }
            }
        }
    }

    /** The first row of a query; empty where there is none. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... values) throws SQLException {
        return list(sql, reader, values).stream().findFirst();
    }

    /** What is done under another limit. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /** What is done where it was in vain. */
    @FunctionalInterface
    interface InVain {
        void told(SQLException why);
    }

    /**
     * Lets a time-out be no longer than this until the transaction ends; a shorter one stays.
     *
     * @param timeout name of the setting, whose unit is the millisecond; 0, for ever, counts as longer
     */
    void limit(String timeout, int millis) throws SQLException {
        first(
                "select set_config(name, ?, true) from pg_settings where name = ? and setting::bigint not between 1 and ?",
                row -> true,
                Integer.toString(millis),
                timeout,
                millis);
    }

    /**
     * Does something under a shorter time-out than the rest, which may be in vain: then nothing of it stays.
     *
     * @param timeout as of {@link #limit}
     * @param vain SQLSTATEs by which it is; any other failure is thrown
     * @return empty where it was in vain
     */
    <T> Optional<T> attempt(String timeout, int millis, Set<String> vain, InVain told, Work<T> work)
            throws SQLException {
        String before = first("select current_setting(?)", row -> row.getString(1), timeout)
                .orElseThrow();
        Savepoint start = connection.setSavepoint();
        try {
            limit(timeout, millis);
            T done = work.run();
            first("select set_config(?, ?, true)", row -> true, timeout, before);
            return Optional.of(done);
        } catch (SQLException e) {
            if (!vain.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            // takes the setting back, too
            connection.rollback(start);
            told.told(e);
            return Optional.empty();
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }
}
