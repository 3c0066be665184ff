package io.sequin.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One more Destination and Sync of a {@link Rig}: a database on a server of another version, that the Sync fills. */
final class Site implements AutoCloseable {
    private static final String SCHEMA = "stripe";

    private final Rig rig;
    private final PostgresServer server;
    private final String name;
    private final String database;
    private final String user;
    private final String password = UUID.randomUUID().toString();
    /** What is in the database. */
    final SyncedSchema schema;

    Site(Rig rig, PostgresServer server) throws SQLException {
        this.rig = rig;
        this.server = server;
        this.name = "pg" + server.major();
        this.database = server.createDatabase(name);
        this.user = database + "_sync";
        server.createRole(user, password);
        this.schema = new SyncedSchema(server.superuser(database));
    }

    @Override
    public void close() throws SQLException {
        schema.close();
    }

    String name() {
        return name;
    }

    /** Grants and manifests. */
    void apply() throws SQLException {
        schema.run("grant connect, create, temporary on database \"" + database + "\" to \"" + user + "\"");
        rig.secret(name, Map.of("username", user, "password", password));
        rig.secret(name + "-ca", Map.of("ca.crt", server.authority().pem()));
        rig.apply("Destination", name, """
                {"postgres": {"credentialsSecretRef": {"name": "%s"}, "host": "%s", "port": %d, "database": "%s",
                 "tls": {"caFrom": {"secretKeyRef": {"name": "%s-ca", "key": "ca.crt"}}}}}""".formatted(name, server.host(), server.port(), database, name));
        sync("");
    }

    /** The Sync's manifest, with more of its spec. */
    void sync(String more) {
        rig.apply("Sync", name, """
                {"destinationRef": {"name": "%s"}, "schema": "%s", "pollInterval": "1s",
                 "tables": {"include": ["customer", "product", "charge"]}, %s
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""".formatted(name, SCHEMA, more));
    }

    /**
     * In words; empty: every table equals the source by key and content.
     *
     * @param truth the source's live objects, by id, of each table
     */
    List<String> differences(Map<String, Map<String, JsonNode>> truth) throws SQLException {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Map<String, JsonNode>> table : truth.entrySet()) {
            TableTruth.differences(schema.connection(), SCHEMA, table.getKey(), table.getValue())
                    .forEach(difference -> found.add(name + ": " + difference));
        }
        return found;
    }

    /** What is being done to it now. */
    Situation situation(Collection<String> deleted) throws SQLException {
        return Situation.in(schema.connection(), deleted);
    }

    /** Customers that the source does not have, and that only a re-sync deletes. */
    void addStrays() throws SQLException {
        schema.run("""
                with strays as (insert into stripe.customer (id, name)
                  select 'cus_stray_' || i, 'Nobody' from generate_series(1, 40) i on conflict do nothing returning 1)
                update stripe._sync_table set rows = rows + (select count(*) from strays) where name = 'customer'""");
    }

    /** Somebody who reads customers and may change them: what we do to these rows waits until the connection ends. */
    Connection hold(String condition) throws SQLException {
        Connection connection = server.superuser(database);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select from stripe.customer where " + condition + " for update");
        }
        return connection;
    }
}
