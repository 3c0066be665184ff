package io.sequin.postgres.load;

import io.sequin.data.Problem;
import io.sequin.postgres.Database;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import java.sql.Connection;
import java.sql.SQLException;

/** A database of real connections without a pool: each is opened anew. */
final class PlainDatabase implements Database {
    private final Place place;

    PlainDatabase(Place place) {
        this.place = place;
    }

    @Override
    public Connection connect() {
        try {
            return place.connect();
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    @Override
    public void discard(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    @Override
    public int majorVersion() {
        return place.major();
    }

    @Override
    public String user() {
        return place.user();
    }

    @Override
    public void refreshCredentials() {
        // connections are opened with the present ones anyway
    }

    @Override
    public void close() {
        // nothing is kept open
    }

    private static PostgresException lost(SQLException e) {
        return new PostgresException(Problem.of(PostgresProblem.CONNECTION_LOST, "no connection"), e.getSQLState(), e);
    }
}
