package io.sequin.postgres;

import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.network.DirectDialer;
import io.sequin.testkit.postgres.PostgresServer;
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
                2);
    }

    @Override
    public void close() {
        databases.close();
        dialer.close();
    }
}
