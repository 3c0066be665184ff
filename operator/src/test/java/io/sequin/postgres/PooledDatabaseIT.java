package io.sequin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.HostPort;
import io.sequin.data.TlsMode;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class PooledDatabaseIT {
    private final TestLogin login = new TestLogin(PostgresServer.shared(18), "first");

    @AfterEach
    void close() {
        login.close();
    }

    @OnPostgres({10, 15, 18})
    void tellsVersionAndUserOfTheServer(int major) {
        try (TestLogin own = new TestLogin(PostgresServer.shared(major), "secret");
                Database database = own.databases.open(own.settings(), "it")) {
            assertThat(database.majorVersion()).isEqualTo(major);
            assertThat(database.user()).isEqualTo(own.user);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%@:/?#&=+ ;",
                "'\"\\`$(x)",
                "pä§wörd-日本-\uD83D\uDD11",
                " leading and trailing ",
                "?sslmode=disable&user=postgres"
            })
    void anyPasswordWorks(String password) throws SQLException {
        try (TestLogin own = new TestLogin(PostgresServer.shared(18), password);
                Database database = own.databases.open(own.settings(), "it");
                Connection connection = database.connect()) {
            assertThat(one(connection, "select current_user")).isEqualTo(own.user);
        }
    }

    @Test
    void connectionsAreInATransactionAndRollBackWhenGivenBack() throws SQLException {
        try (Database database = login.databases.open(login.settings(), "sequin it")) {
            try (Connection connection = database.connect()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(one(connection, "show application_name")).isEqualTo("sequin it");
                connection.createStatement().execute("create temp table t ()");
            }
            try (Connection connection = database.connect()) {
                assertThat(one(connection, "select to_regclass('t')")).isNull();
            }
        }
    }

    @Test
    void aDiscardedConnectionIsNotUsedAgain() throws SQLException {
        try (Database database = login.databases.open(login.settings(), "it")) {
            String pid;
            try (Connection connection = database.connect()) {
                pid = one(connection, "select pg_backend_pid()");
                database.discard(connection);
            }
            try (Connection connection = database.connect()) {
                assertThat(one(connection, "select pg_backend_pid()")).isNotEqualTo(pid);
            }
        }
    }

    @Test
    void aBorrowerWaitsOnlyAsLongAsThePoolAllows() throws SQLException {
        Timeouts shortly = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(1));
        try (PooledDatabases databases = new PooledDatabases(login.connector, shortly);
                Database database = databases.open(login.settings(), "it");
                Connection one = database.connect();
                Connection two = database.connect()) {
            assertThat(one).isNotSameAs(two);
            PostgresException e = catchThrowableOfType(PostgresException.class, database::connect);
            assertThat(e.problem().code()).isEqualTo(PostgresProblem.TOO_MANY_CONNECTIONS);
            assertThat(e.problem().message()).contains("spec.postgres.maxConnections");
        }
    }

    @Test
    void aWrongPasswordIsReportedAtOnceAndTriedOncePerConnect() {
        login.secrets.put("password", "wrong");
        try (Database database = login.databases.open(login.settings(), "it")) {
            long start = System.nanoTime();
            PostgresException e = catchThrowableOfType(PostgresException.class, database::connect);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            assertThat(e.problem().code()).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
            assertThat(e.sqlState()).contains("28P01");
            assertThat(refusedLogins()).isEqualTo(1);
        }
    }

    @Test
    void afterFiveRefusedLoginsNoneIsTriedUntilTheSecretChanges() {
        login.secrets.put("password", "wrong");
        try (Database one = login.databases.open(login.settings(), "it");
                Database other = login.databases.open(login.settings(), "it")) {
            for (int i = 0; i < 4; i++) {
                assertThat(problemOf(one)).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
                assertThat(problemOf(other)).isEqualTo(PostgresProblem.AUTHENTICATION_FAILED);
            }
            assertThat(refusedLogins()).isEqualTo(5);
            PostgresException e = catchThrowableOfType(PostgresException.class, one::connect);
            assertThat(e.problem().retryAt()).isPresent();

            login.secrets.put("password", "first");
            one.connect();
        } catch (IllegalStateException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRotatedPasswordIsUsedAfterRefresh() throws SQLException {
        try (Database database = login.databases.open(login.settings(), "it")) {
            String before;
            try (Connection borrowed = database.connect()) {
                before = one(borrowed, "select pg_backend_pid()");
                changePassword("second");
                login.secrets.put("password", "second");
                database.refreshCredentials();
                assertThat(one(borrowed, "select 1"))
                        .as("a connection in use lives on")
                        .isEqualTo("1");
            }
            try (Connection connection = database.connect()) {
                assertThat(one(connection, "select pg_backend_pid()")).isNotEqualTo(before);
            }
        }
    }

    @Test
    void refreshWithTheSameCredentialsKeepsTheConnections() throws SQLException {
        try (Database database = login.databases.open(login.settings(), "it")) {
            String before;
            try (Connection connection = database.connect()) {
                before = one(connection, "select pg_backend_pid()");
            }
            database.refreshCredentials();
            try (Connection connection = database.connect()) {
                assertThat(one(connection, "select pg_backend_pid()")).isEqualTo(before);
            }
        }
    }

    @Test
    void tlsIsVerifiedWithTheAuthorityOfTheSecret() throws SQLException {
        login.secrets.put("ca.crt", login.server.authority().pem());
        for (String host : new String[] {"127.0.0.1", "localhost"}) {
            var settings = login.settings(new HostPort(host, login.server.port()), TlsMode.VERIFY_FULL);
            try (Database database = login.databases.open(settings, "it");
                    Connection connection = database.connect()) {
                assertThat(one(connection, "select version from pg_stat_ssl where pid = pg_backend_pid()"))
                        .isEqualTo("TLSv1.3");
            }
        }
    }

    @Test
    void anInterruptEndsAQueryAtOnceAndIsNoProblem() throws Exception {
        try (Database database = login.databases.open(login.settings(), "it")) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            Thread blocked = Thread.ofVirtual().start(() -> {
                try (Connection connection = database.connect()) {
                    outcome.complete(one(connection, "select pg_sleep(50) as to_be_interrupted"));
                } catch (SQLException e) {
                    try {
                        outcome.complete(SqlStates.translate(e));
                    } catch (DatabaseInterruptedException interrupted) {
                        outcome.complete(Thread.currentThread().isInterrupted() ? "interrupted" : "flag lost");
                    }
                }
            });
            try (Connection other = login.server.superuser("postgres")) {
                await("it waits for the server")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> one(
                                        other,
                                        "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
                                                + " and query = 'select pg_sleep(50) as to_be_interrupted'")
                                .equals("1"));
            }
            blocked.interrupt();
            assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
            assertThat(problemFreeConnect(database)).isEqualTo("1");
        }
    }

    @Test
    void theDriverIsReachableForCopy() throws SQLException {
        try (Database database = login.databases.open(login.settings(), "it");
                Connection connection = database.connect()) {
            assertThat(connection.unwrap(PGConnection.class).getCopyAPI()).isNotNull();
        }
    }

    @Test
    void aMissingSecretIsReportedAsSuch() {
        login.secrets.put("username", "");
        try (Database database = login.databases.open(login.settings(), "it")) {
            assertThatThrownBy(database::connect)
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("Secret team/warehouse, key username");
        }
    }

    private static Object problemOf(Database database) {
        return catchThrowableOfType(PostgresException.class, database::connect)
                .problem()
                .code();
    }

    private static String problemFreeConnect(Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            return one(connection, "select 1");
        }
    }

    private long refusedLogins() {
        return login.server
                .log()
                .lines()
                .filter(line -> line.contains("password authentication failed for user \"" + login.user + "\""))
                .count();
    }

    private void changePassword(String password) throws SQLException {
        try (Connection admin = login.server.superuser("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("alter role " + Identifier.quote(login.user) + " password '" + password + "'");
        }
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
