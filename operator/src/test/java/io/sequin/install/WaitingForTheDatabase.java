package io.sequin.install;

import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.network.DirectDialer;
import io.sequin.postgres.Connector;
import io.sequin.postgres.Database;
import io.sequin.postgres.PooledDatabases;
import io.sequin.postgres.SecretsInMemory;
import io.sequin.postgres.Timeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A program: ends well where a virtual thread that waits in a COMMIT leaves its carrier to the one that it waits for. Of its
 * JVM's only carrier. Arguments: host, port, database, user, a file with the authority; the password is in PGPASSWORD.
 */
final class WaitingForTheDatabase {
    /** Whoever commits the insert waits for this lock. */
    static final String SETUP = """
            create table public.t (id int);
            create function public.waits() returns trigger language plpgsql as $$
            begin perform pg_advisory_xact_lock(7); return null; end $$;
            create constraint trigger waits after insert on public.t deferrable initially deferred
                for each row execute function public.waits();
            """;

    private static final String WAITS =
            "select exists (select from pg_locks where locktype = 'advisory' and not granted)";

    private WaitingForTheDatabase() {}

    public static void main(String[] args) throws Exception {
        SecretsInMemory secrets = new SecretsInMemory();
        secrets.put("username", args[3]);
        secrets.put("password", System.getenv("PGPASSWORD"));
        secrets.put("ca.crt", Files.readString(Path.of(args[4])));
        PostgresSettings settings = new PostgresSettings(
                new HostPort(args[0], Integer.parseInt(args[1])),
                args[2],
                SecretsInMemory.ref("username"),
                SecretsInMemory.ref("password"),
                new TlsSettings(TlsMode.VERIFY_FULL, Optional.of(SecretsInMemory.ref("ca.crt"))),
                5);
        DirectDialer dialer = new DirectDialer();
        PooledDatabases databases =
                new PooledDatabases(new Connector(dialer, secrets, InstantSource.system()), Timeouts.USUAL);
        Database database = databases.open(settings, "waiting");
        CountDownLatch locked = new CountDownLatch(1);
        Thread holds = Thread.startVirtualThread(() -> hold(database, locked));
        Thread waits = Thread.startVirtualThread(() -> commit(database, locked));
        boolean ended = waits.join(Duration.ofSeconds(120)) && holds.join(Duration.ofSeconds(10));
        Runtime.getRuntime().halt(ended ? 0 : 1);
    }

    private static void hold(Database database, CountDownLatch locked) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(7)");
            locked.countDown();
            while (!is(statement, WAITS)) {
                Thread.sleep(20);
            }
            statement.execute("select pg_advisory_unlock(7)");
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void commit(Database database, CountDownLatch locked) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            locked.await();
            connection.setAutoCommit(false);
            statement.execute("insert into public.t values (1)");
            connection.commit();
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean is(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
