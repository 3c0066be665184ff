package io.sequin.postgres;

import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.network.DirectDialer;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** A role and a database of one test's own, its Secret, and what is needed to connect. */
public final class TestLogin implements AutoCloseable {
    public final PostgresServer server;
    public final String database;
    public final String user = "u_" + UUID.randomUUID().toString().substring(0, 8);
    public final SecretsInMemory secrets = new SecretsInMemory();
    private final DirectDialer dialer = new DirectDialer();
    public final Connector connector = new Connector(dialer, secrets, InstantSource.system());
    public final PooledDatabases databases = new PooledDatabases(connector, Timeouts.USUAL);

    public TestLogin(PostgresServer server, String password) {
        this.server = server;
        this.database = server.createDatabase("pool");
        server.createRole(user, password);
        secrets.put("username", user);
        secrets.put("password", password);
    }

    /** Without TLS, straight to the server. */
    public PostgresSettings settings() {
        return settings(new HostPort(server.host(), server.port()), TlsMode.DISABLE);
    }

    /** The CA is that of the Secret's key {@code ca.crt}. */
    public PostgresSettings settings(HostPort address, TlsMode tls) {
        return new PostgresSettings(
                address,
                database,
                SecretsInMemory.ref("username"),
                SecretsInMemory.ref("password"),
                new TlsSettings(
                        tls, tls == TlsMode.DISABLE ? Optional.empty() : Optional.of(SecretsInMemory.ref("ca.crt"))),
                3);
    }

    /** Runs statements as the superuser in this test's database, each in a transaction of its own. */
    public void asSuperuser(String... statements) throws SQLException {
        try (Connection connection = server.superuser(database)) {
            run(connection, statements);
        }
    }

    /** Runs statements as another role, as its owner would paste them into psql. */
    public void as(String role, String rolePassword, String... statements) throws SQLException {
        try (Connection connection = server.connect(database, role, rolePassword)) {
            run(connection, statements);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        databases.close();
        dialer.close();
    }
}
