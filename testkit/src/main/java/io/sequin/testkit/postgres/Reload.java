package io.sequin.testkit.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;

/** Has a server read its configuration again, and its file of who may log in. */
public final class Reload {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Reload() {}

    /**
     * Returns when new sessions find it so. A session is begun by the process that reads the files, between other work
     * (PostgreSQL manual, pg_conf_load_time): one that knows of a later time comes after all of it.
     *
     * @throws IllegalStateException when that takes a minute
     */
    public static void of(PostgresServer server) throws SQLException {
        String before = ask(server, "select pg_conf_load_time()");
        ask(server, "select pg_reload_conf()");
        Instant deadline = Instant.now().plus(PATIENCE);
        while (ask(server, "select pg_conf_load_time()").equals(before)) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the server did not read its configuration again");
            }
        }
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
