package io.sequin.e2e;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One more Destination and Sync of a {@link Rig}: a database on a server of another version, that the Sync fills with the
 * tables of {@link Filled}.
 */
final class Site implements AutoCloseable {
    private static final String SCHEMA = "stripe";

    private final Rig rig;
    private final PostgresServer server;
    private final String name;
    private final String database;
    private final String user;
    private final String password = UUID.randomUUID().toString();
    private final boolean soft;
    private final KeptRows kept;
    /** What is in the database. */
    final SyncedSchema schema;

    /** @param soft whether rows are marked instead of deleted */
    Site(Rig rig, PostgresServer server, boolean soft) throws SQLException {
        this.rig = rig;
        this.server = server;
        this.name = "pg" + server.major();
        this.database = server.createDatabase(name);
        this.user = database + "_sync";
        server.createRole(user, password);
        this.schema = new SyncedSchema(server.superuser(database));
        this.soft = soft;
        this.kept = new KeptRows(schema.connection(), soft);
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
                {"destinationRef": {"name": "%s"}, "schema": "%s", "pollInterval": "1s", "deletes": "%s",
                 "tables": {"include": [%s]}, %s
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""".formatted(name, SCHEMA, soft ? "Soft" : "Hard", Filled.tables("\""), more));
    }

    /** In words, of the first table that has any; empty: every table is as expected, and nothing is left to be fetched. */
    List<String> differences(Map<Filled, Expected> expected) throws SQLException {
        for (Map.Entry<Filled, Expected> entry : expected.entrySet()) {
            List<String> found = differences(entry.getKey().table(), entry.getValue());
            if (!found.isEmpty()) {
                return found.stream()
                        .map(difference -> name + ": " + difference)
                        .toList();
            }
        }
        return values("select \"table\" || ' ' || key[1] || ' is to be fetched' from stripe._sync_dirty");
    }

    private List<String> differences(String table, Expected expected) throws SQLException {
        String open = expected.open().stream().map(id -> "'" + id + "', ").collect(Collectors.joining());
        String compared = "id not in (" + open + "'')" + (soft ? " and _sync_deleted_at is null" : "");
        List<String> found =
                new ArrayList<>(TableTruth.differences(schema.connection(), SCHEMA, table, expected.rows(), compared));
        if (!soft) {
            found.addAll(values("select '" + table + " ' || id || ' is marked' from stripe." + table
                    + " where _sync_deleted_at is not null"));
        }
        Set<String> setAside =
                new HashSet<>(values("select key[1] from stripe._sync_error where \"table\" = '" + table + "'"));
        if (!setAside.equals(expected.setAside())) {
            found.add("set aside of " + table + " are " + setAside + " instead of " + expected.setAside());
        }
        return found;
    }

    /** While no operator runs: what became of rows since the last look that must not, in words. */
    List<String> look(StripeData data) throws SQLException {
        List<String> found = new ArrayList<>();
        for (Filled filled : Filled.values()) {
            kept.look(filled, id -> data.find(filled.type(), id).isPresent())
                    .forEach(wrong -> found.add(name + ": " + wrong));
        }
        return found;
    }

    private List<String> values(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = schema.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    /** What is being done to it now. */
    Situation situation(Collection<String> deleted) throws SQLException {
        return Situation.in(schema.connection(), deleted);
    }

    /**
     * Rows that the source does not have, and that only a re-sync deletes: customers, an invoice with a line, and an item of
     * a subscription that is there.
     *
     * @param mark in their ids, as {@code _mark_}
     */
    void addStrays(String mark) throws SQLException {
        String id = "_stray_" + mark + "_";
        addStray(Filled.CUSTOMER, "(id, name) select 'cus" + id + "' || i, 'Nobody' from generate_series(1, 20) i");
        addStray(Filled.INVOICE, "(id) values ('in" + id + "1')");
        addStray(Filled.INVOICE_LINE_ITEM, "(id, invoice_id) values ('il" + id + "1', 'in" + id + "1')");
        addStray(
                Filled.SUBSCRIPTION_ITEM,
                "(id, subscription_id) select 'si" + id + "1', min(id) from stripe.subscription"
                        + " where _sync_deleted_at is null");
    }

    private void addStray(Filled filled, String rows) throws SQLException {
        schema.run("with strays as (insert into stripe." + filled.table() + " " + rows + " returning 1)"
                + " update stripe._sync_table set rows = rows + (select count(*) from strays) where name = '"
                + filled.table() + "'");
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
