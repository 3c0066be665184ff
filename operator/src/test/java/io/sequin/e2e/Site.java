package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.ResultSet;
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
    private final Connection superuser;

    Site(Rig rig, PostgresServer server) throws SQLException {
        this.rig = rig;
        this.server = server;
        this.name = "pg" + server.major();
        this.database = server.createDatabase(name);
        this.user = database + "_sync";
        server.createRole(user, password);
        this.superuser = server.superuser(database);
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
    }

    String name() {
        return name;
    }

    /** Grants and manifests. */
    void apply() throws SQLException {
        run("grant connect, create, temporary on database \"" + database + "\" to \"" + user + "\"");
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

    void run(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One value, as text. */
    String value(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /**
     * In words; empty: every table equals the source by key and content.
     *
     * @param truth the source's live objects, by id, of each table
     */
    List<String> differences(Map<String, Map<String, JsonNode>> truth) throws SQLException {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Map<String, JsonNode>> table : truth.entrySet()) {
            TableTruth.differences(superuser, SCHEMA, table.getKey(), table.getValue())
                    .forEach(difference -> found.add(name + ": " + difference));
        }
        return found;
    }

    /** In one snapshot each table that is there has as many rows as were committed with its count. */
    void assertRowsAndCountsWereCommittedTogether() throws SQLException {
        String counts = value("""
                select string_agg(format('select %L as name, count(*) as n from %s', relname, oid::regclass), ' union all ')
                  from pg_class where relname in ('customer', 'product', 'charge')
                   and relnamespace = to_regnamespace('stripe')""");
        if (!counts.equals("null")) {
            String wrong = value("select string_agg(concat_ws(' ', t.name, t.rows, c.n), ', ')"
                    + " from stripe._sync_table t join (" + counts + ") c using (name) where t.rows <> c.n");
            assertThat(wrong).as("%s: rows recorded, rows there", name).isEqualTo("null");
        }
    }

    /** What is being done to it now. */
    Situation situation(Collection<String> deleted) throws SQLException {
        return Situation.in(superuser, deleted);
    }

    /** Customers that the source does not have, and that only a re-sync deletes. */
    void addStrays() throws SQLException {
        run("""
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

    /** Others' things in the synced schema; to be called when it is there. */
    void addBystanders() throws SQLException {
        run(
                "create table stripe.notes as select 1 as id; create view stripe.richest as select id from stripe.customer");
    }

    String bystanders() throws SQLException {
        return value(
                "select string_agg(concat_ws(' ', oid, relname, relfilenode, relowner, relacl), ',' order by relname)"
                        + " from pg_class where relnamespace = 'stripe'::regnamespace and relname in ('notes', 'richest')");
    }

    /** Sessions of ours that are in a transaction, and temporary tables. */
    String leftOpen() throws SQLException {
        return value("select (select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name like 'sequin%' and state <> 'idle') || ' '"
                + " || (select count(*) from pg_class where relpersistence = 't')");
    }
}
