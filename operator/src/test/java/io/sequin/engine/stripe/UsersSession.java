package io.sequin.engine.stripe;

import io.sequin.postgres.SqlState;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a user does to the destination by hand, each statement as superuser in a connection of its own.
 *
 * @param server the destination's server
 * @param database the destination's database
 */
record UsersSession(PostgresServer server, String database) {
    private static final int TRIES = 20;

    /** The first column of the query's first row, as text. */
    String value(String query) {
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(query + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs it, and again where it was the victim of a deadlock: to drop a foreign key locks the referring table first,
     * to delete a row that is referred to locks it last, and whoever has waited for a second is ended.
     */
    void run(String text) {
        for (int tried = 1; ; tried++) {
            try (Connection connection = server.superuser(database);
                    Statement statement = connection.createStatement()) {
                statement.execute(text);
                return;
            } catch (SQLException e) {
                if (tried == TRIES || !SqlState.DEADLOCK_DETECTED.equals(e.getSQLState())) {
                    throw new IllegalStateException(text + ": " + e.getMessage(), e);
                }
            }
        }
    }
}
