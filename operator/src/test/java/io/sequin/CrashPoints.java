package io.sequin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.proxy.CutPoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Versions and points of the tests that cut connections: each point on two versions, each version at several points. */
public final class CrashPoints {
    private static final List<CutPoint> ALL = List.of(CutPoint.values());

    private CrashPoints() {}

    /** Arguments: a version, a point. */
    public static Stream<Arguments> of(Collection<CutPoint> points) {
        return points.stream()
                .flatMap(at -> Thoroughness.majors(ALL.indexOf(at)).mapToObj(major -> Arguments.of(major, at)));
    }

    /** A shared server that keeps what it has committed, read back. */
    public static PostgresServer server(int major) {
        PostgresServer server = PostgresServer.sharedDurable(major);
        try (Connection connection = server.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select current_setting('fsync') || ' ' || current_setting('synchronous_commit')")) {
            row.next();
            assertThat(row.getString(1)).as("fsync, synchronous_commit").isEqualTo("on on");
            return server;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask Postgres " + major, e);
        }
    }
}
