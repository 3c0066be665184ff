package io.sequin.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sequin.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

class TransactionProxyIT {
    private static final Set<CutPoint> COMMITTED =
            EnumSet.of(CutPoint.COMMIT_UNANSWERED, CutPoint.COMMIT_LATE, CutPoint.AFTER_COMMIT);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IN_COPY")
    void endsTheNamedTransactionAtItsPointAndNoOther(CutPoint at) throws SQLException {
        PostgresServer server = PostgresServer.shared(18);
        String database = server.createDatabase("transaction_proxy");
        try (TransactionProxy proxy = TransactionProxy.to(server.host(), server.port());
                Connection direct = server.superuser(database)) {
            direct.createStatement().execute("create table t (name text)");
            proxy.cut("second", at);

            insert(proxy, server, database, "first");
            assertThat(proxy.cut()).isEmpty();
            Throwable failure = catchThrowable(() -> insert(proxy, server, database, "second"));
            insert(proxy, server, database, "second");

            assertThat(failure == null).as("the client knows of its commit").isEqualTo(at == CutPoint.AFTER_COMMIT);
            assertThat(proxy.cut()).containsExactly("second");
            String expected = COMMITTED.contains(at) ? "first second second" : "first second";
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(names(direct)).isEqualTo(expected));
        }
    }

    @Test
    void endsACopyAfterSomeOfItsBytes() throws Exception {
        PostgresServer server = PostgresServer.shared(18);
        String database = server.createDatabase("transaction_proxy");
        try (TransactionProxy proxy = TransactionProxy.to(server.host(), server.port());
                Connection direct = server.superuser(database)) {
            direct.createStatement().execute("create table t (name text)");
            proxy.cutInCopy("copy", 100_000);

            copy(proxy, server, database, 1_000);
            assertThat(proxy.cut()).as("fewer bytes").isEmpty();
            assertThatThrownBy(() -> copy(proxy, server, database, 50_000)).isInstanceOf(SQLException.class);
            copy(proxy, server, database, 1_000);

            assertThat(proxy.cut()).containsExactly("copy");
            assertThat(proxy.isToBeCut("copy")).isFalse();
            assertThat(names(direct)).isEqualTo("row" + " row".repeat(1_999));
        }
    }

    @Test
    void cutsALaterTransactionOnceTheFirstIsCut() throws SQLException {
        PostgresServer server = PostgresServer.shared(18);
        String database = server.createDatabase("transaction_proxy");
        try (TransactionProxy proxy = TransactionProxy.to(server.host(), server.port());
                Connection direct = server.superuser(database)) {
            direct.createStatement().execute("create table t (name text)");
            proxy.cut("some", CutPoint.BEFORE_COMMIT);
            proxy.cutLater("some", CutPoint.BEFORE_COMMIT, 1);

            List<Boolean> written = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                written.add(catchThrowable(() -> insert(proxy, server, database, "some")) == null);
            }

            assertThat(written).containsExactly(false, true, false, true);
            assertThat(names(direct)).isEqualTo("some some");
        }
    }

    private static void copy(TransactionProxy proxy, PostgresServer server, String database, int rows)
            throws SQLException, IOException {
        String url = "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/" + database + "?sslmode=disable";
        try (Connection connection = DriverManager.getConnection(url, "postgres", server.superuserPassword())) {
            connection.setAutoCommit(false);
            tell(connection, "copy");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy t from stdin", new StringReader("row\n".repeat(rows)));
            connection.commit();
        }
    }

    private static void insert(TransactionProxy proxy, PostgresServer server, String database, String name)
            throws SQLException {
        String url = "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/" + database + "?sslmode=disable";
        try (Connection connection = DriverManager.getConnection(url, "postgres", server.superuserPassword())) {
            connection.setAutoCommit(false);
            tell(connection, name);
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?)")) {
                insert.setString(1, name);
                insert.execute();
            }
            connection.commit();
        }
    }

    private static void tell(Connection connection, String name) throws SQLException {
        try (PreparedStatement tell = connection.prepareStatement("select set_config('application_name', ?, true)")) {
            tell.setString(1, "it: " + name);
            tell.execute();
        }
    }

    private static String names(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select string_agg(name, ' ' order by name) from t")) {
            row.next();
            return row.getString(1);
        }
    }
}
