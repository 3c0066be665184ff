package io.sequin.postgres.load;

import io.sequin.Thoroughness;
import io.sequin.data.AccountId;
import io.sequin.data.HostPort;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.ResourceKey;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.data.WriteRules;
import io.sequin.network.DirectDialer;
import io.sequin.postgres.Connector;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PooledDatabases;
import io.sequin.postgres.SecretsInMemory;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.load.session.PostgresSessions;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A database of a test's own on a shared server, and a user with just the rights that the set-up guide grants: CONNECT
 * and CREATE on the database.
 */
public final class Place implements AutoCloseable {
    public static final AccountId ACCOUNT = new AccountId("acct_1");
    public static final Owner OWNER = owner("cluster-a", "team", "stripe", "uid-1");

    private static final String DATABASE = "load \"it\"";

    private final PostgresServer server;
    private final String database;
    private final String user;
    private final String password = UUID.randomUUID().toString();
    private final DirectDialer dialer;
    private final PooledDatabases databases;

    private Place(PostgresServer server, String user, String database, DirectDialer dialer) {
        this.server = server;
        this.dialer = dialer;
        this.user = user;
        this.database = database;
        server.createRole(user, password);
        SecretsInMemory secrets = new SecretsInMemory();
        secrets.put("username", user);
        secrets.put("password", password);
        this.databases = new PooledDatabases(new Connector(dialer, secrets, InstantSource.system()), Timeouts.USUAL);
    }

    public static Place on(int major) {
        return on(Thoroughness.server(major));
    }

    /** On a server that keeps what it has committed. */
    public static Place durable(int major) {
        return on(PostgresServer.sharedDurable(major));
    }

    public static Place on(PostgresServer server) {
        Place place = withoutGrants(server);
        place.run(place.grantCreate());
        return place;
    }

    /** The same, and its sessions wait no longer than this for a server that takes nothing of what they write. */
    public static Place impatient(int major, Duration writeLimit) {
        PostgresServer server = PostgresServer.sharedDurable(major);
        Place place = withoutGrants(server, server.createDatabase(DATABASE), new DirectDialer(writeLimit));
        place.run(place.grantCreate());
        return place;
    }

    /** The user may only connect. */
    public static Place withoutGrants(int major) {
        return withoutGrants(Thoroughness.server(major));
    }

    /** A database that stores no characters beyond Latin-1. */
    public static Place latin1(int major) {
        PostgresServer server = Thoroughness.server(major);
        Place place = withoutGrants(server, server.createDatabase("load \"latin\"", "LATIN1"));
        place.run(place.grantCreate());
        return place;
    }

    private static Place withoutGrants(PostgresServer server) {
        return withoutGrants(server, server.createDatabase(DATABASE));
    }

    private static Place withoutGrants(PostgresServer server, String database) {
        return withoutGrants(server, database, new DirectDialer());
    }

    private static Place withoutGrants(PostgresServer server, String database, DirectDialer dialer) {
        Place place = new Place(server, newUser(), database, dialer);
        place.run("revoke all on database " + Identifier.quote(place.database) + " from public");
        place.grantConnect();
        return place;
    }

    /** Another user in the same database. */
    public static Place sameDatabase(Place other) {
        Place place = new Place(other.server, newUser(), other.database, new DirectDialer());
        place.grantConnect();
        return place;
    }

    private static String newUser() {
        return "load \"it\" " + UUID.randomUUID().toString().substring(0, 8);
    }

    private void grantConnect() {
        run("grant connect, temporary on database " + Identifier.quote(database) + " to " + Identifier.quote(user));
    }

    public static Owner owner(String cluster, String namespace, String name, String uid) {
        return new Owner(cluster, new ResourceKey(namespace, name, uid), "stripe");
    }

    public String grantCreate() {
        return "grant create on database " + Identifier.quote(database) + " to " + Identifier.quote(user) + ";";
    }

    public PostgresServer server() {
        return server;
    }

    int major() {
        return server.major();
    }

    public String user() {
        return user;
    }

    public String database() {
        return database;
    }

    /** As the sync's user. */
    public Connection connect() throws SQLException {
        return server.connect(database, user, password);
    }

    /** A session that has not taken its schema. */
    public DestinationSession session(String schema) {
        return session(schema, WriteTimeouts.standard());
    }

    public DestinationSession session(String schema, WriteTimeouts timeouts) {
        return session(schema, timeouts, WriteRules.USUAL);
    }

    public DestinationSession session(String schema, WriteTimeouts timeouts, WriteRules rules) {
        return session(schema, timeouts, rules, new HostPort(server.host(), server.port()));
    }

    /** By another way than straight to the server. */
    public DestinationSession session(String schema, WriteTimeouts timeouts, HostPort address) {
        return session(schema, timeouts, WriteRules.USUAL, address);
    }

    public DestinationSession session(String schema, WriteRules rules, HostPort address) {
        return session(schema, WriteTimeouts.standard(), rules, address);
    }

    private DestinationSession session(String schema, WriteTimeouts timeouts, WriteRules rules, HostPort address) {
        PostgresSettings settings = new PostgresSettings(
                address,
                database,
                SecretsInMemory.ref("username"),
                SecretsInMemory.ref("password"),
                new TlsSettings(TlsMode.DISABLE, Optional.empty()),
                4);
        return new PostgresSessions(databases, timeouts, CommitListener.NONE).open(settings, schema, rules);
    }

    /** A session that has taken its schema. */
    public DestinationSession taken(String schema) {
        return taken(schema, WriteRules.USUAL);
    }

    public DestinationSession taken(String schema, WriteRules rules) {
        DestinationSession session = session(schema, WriteTimeouts.standard(), rules);
        session.take(OWNER, ACCOUNT);
        return session;
    }

    /** As the superuser. */
    public void run(String sql) {
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** As the superuser: rows as text, values separated by {@code |}. */
    public List<String> rows(String sql) {
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(rows.getString(i));
                }
                found.add(values.stream()
                        .map(String::valueOf)
                        .reduce((a, b) -> a + "|" + b)
                        .orElse(""));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** As the superuser: one value. */
    public String value(String sql) {
        return rows(sql).getFirst();
    }

    @Override
    public void close() {
        databases.close();
        dialer.close();
    }
}
