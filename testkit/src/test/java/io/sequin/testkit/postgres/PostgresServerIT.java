package io.sequin.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerIT {
    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
    void servesTheVersionThatWasAskedFor(int major) throws SQLException {
        PostgresServer server = PostgresServer.shared(major);

        String database = server.createDatabase("version");

        try (Connection connection = server.superuser(database)) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(major);
            assertThat(connection.getCatalog()).isEqualTo(database);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
    void refusesAWrongPasswordEvenForTheSuperuser(int major) throws SQLException {
        PostgresServer server = PostgresServer.shared(major);
        String role = "it's \"me\" " + major;
        server.createRole(role, "r'ight\\");

        server.connect("postgres", role, "r'ight\\").close();

        assertThatThrownBy(() -> server.connect("postgres", role, "wrong"))
                .asInstanceOf(InstanceOfAssertFactories.throwable(SQLException.class))
                .extracting(SQLException::getSQLState)
                .isEqualTo("28P01");
        assertThatThrownBy(() -> server.connect("postgres", PostgresServer.SUPERUSER, "wrong"))
                .hasMessageContaining("password authentication failed");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 14, 15, 18})
    void showsACertificateThatItsAuthorityVouchesFor(int major, @TempDir Path folder) throws Exception {
        PostgresServer server = PostgresServer.shared(major);
        Path trusted =
                Files.writeString(folder.resolve("ca.crt"), server.authority().pem());
        Path stranger = Files.writeString(
                folder.resolve("other.crt"),
                CertificateAuthority.create("other").pem());

        try (Connection connection = verifyFull(server, trusted)) {
            assertThat(single(connection, "select version from pg_stat_ssl where pid = pg_backend_pid()"))
                    .startsWith("TLSv1.");
        }
        assertThatThrownBy(() -> verifyFull(server, stranger)).hasMessageContaining("certification path");
    }

    @Test
    void refusesPlainConnectionsWhereTlsIsRequired() throws SQLException {
        try (PostgresServer server =
                PostgresServer.start(15, PostgresOptions.standard().withTlsRequired())) {
            server.superuser("postgres").close();

            assertThatThrownBy(() -> DriverManager.getConnection(
                            server.jdbcUrl("postgres") + "?sslmode=disable",
                            PostgresServer.SUPERUSER,
                            server.superuserPassword()))
                    .asInstanceOf(InstanceOfAssertFactories.throwable(SQLException.class))
                    .extracting(SQLException::getSQLState)
                    .isEqualTo("28000");
        }
    }

    @Test
    void survivesAnImmediateStopWithAllThatWasCommitted() throws SQLException {
        try (PostgresServer server = PostgresServer.startDurable(18)) {
            int port = server.port();
            try (Connection connection = server.superuser("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("create table kept as select 42 as answer");
                server.stopImmediately();
                assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
            }
            server.start();

            assertThat(server.port()).isEqualTo(port);
            try (Connection connection = server.superuser("postgres")) {
                assertThat(single(connection, "select answer from kept")).isEqualTo("42");
            }
            assertThat(server.log()).contains("database system was not properly shut down");
        }
    }

    @Test
    void aDurableServerThatSaysItIsNotDoesNotStart() throws SQLException {
        try (PostgresServer server = PostgresServer.startDurable(10)) {
            try (Connection connection = server.superuser("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("alter role postgres set synchronous_commit = off");
            }

            assertThatThrownBy(server::restart).hasStackTraceContaining("on off on");

            assertThatThrownBy(() -> server.superuser("postgres")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void restartsOnTheSamePortWithoutRecovery() throws SQLException {
        try (PostgresServer server = PostgresServer.start(10)) {
            String database = server.createDatabase("kept");

            server.restart();

            server.superuser(database).close();
            assertThat(server.log()).doesNotContain("not properly shut down");
        }
    }

    @Test
    void writesEachStatementToItsLogButNoPasswordOfARole() throws SQLException {
        PostgresOptions options =
                PostgresOptions.standard().withStatementLog().withSetting("application_name", "it's a \\test");
        try (PostgresServer server = PostgresServer.start(18, options);
                Connection connection = server.superuser("postgres")) {
            server.createRole("reader", "canary-password");

            assertThat(single(connection, "select 'canary' || '-statement'")).isEqualTo("canary-statement");

            assertThat(server.log()).contains("'canary' || '-statement'").doesNotContain("canary-password");
        }
    }

    private static Connection verifyFull(PostgresServer server, Path rootCertificate) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", PostgresServer.SUPERUSER);
        properties.setProperty("password", server.superuserPassword());
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", rootCertificate.toString());
        return DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
