package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One more Destination and Sync of a {@link Rig}: a database on a server of another version, that the Sync fills. */
final class Site {
    private static final String SCHEMA = "stripe";

    private final Rig rig;
    private final PostgresServer server;
    private final String name;
    private final String database;
    private final String user;
    private final String password = UUID.randomUUID().toString();

    Site(Rig rig, PostgresServer server) {
        this.rig = rig;
        this.server = server;
        this.name = "pg" + server.major();
        this.database = server.createDatabase(name);
        this.user = database + "_sync";
        server.createRole(user, password);
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
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One value, as text. */
    String value(String sql) throws SQLException {
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** In words; empty: every table equals the source by key and content. */
    List<String> differences() throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = server.superuser(database)) {
            for (StripeObjectType type : StripeObjectType.core()) {
                TableTruth.differences(
                                connection,
                                SCHEMA,
                                type.wireName(),
                                rig.stripe.data().truth(type))
                        .forEach(difference -> found.add(name + ": " + difference));
            }
        }
        return found;
    }

    /** In one snapshot each table has as many rows as were committed with its count. */
    void assertRowsAndCountsWereCommittedTogether() throws SQLException {
        if (value("select to_regclass('stripe.charge') is not null and to_regclass('stripe.product') is not null"
                        + " and to_regclass('stripe.customer') is not null")
                .equals("t")) {
            String wrong = value("""
                    select string_agg(concat_ws(' ', t.name, t.rows, c.n), ', ') from stripe._sync_table t
                      join (select 'customer' as name, count(*) as n from stripe.customer
                            union all select 'product', count(*) from stripe.product
                            union all select 'charge', count(*) from stripe.charge) c using (name)
                     where t.rows <> c.n""");
            assertThat(wrong).as("%s: rows recorded, rows there", name).isEqualTo("null");
        }
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
