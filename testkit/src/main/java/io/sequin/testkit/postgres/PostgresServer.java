package io.sequin.testkit.postgres;

import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.FreePort;
import io.sequin.testkit.process.OnceStarted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;

/**
 * A real Postgres on 127.0.0.1 with password authentication and TLS.
 *
 * <p>Passwords are checked as the version does by default: md5 up to 13, SCRAM from 14 on. TLS is offered with a
 * certificate of the server's own {@link #authority()} for {@code localhost} and 127.0.0.1. The server ends with the
 * JVM at the latest and takes its data with it. All methods may be called from several threads.
 */
public final class PostgresServer implements AutoCloseable {
    /** The name of the superuser, and of a database that is always there. */
    public static final String SUPERUSER = "postgres";

    private static final String HOST = "127.0.0.1";
    private static final Map<Integer, OnceStarted<PostgresServer>> SHARED = new ConcurrentHashMap<>();
    private static final Map<Integer, OnceStarted<PostgresServer>> DURABLE = new ConcurrentHashMap<>();

    private final PostgresOptions options;
    private final PostgresFiles files;
    private final int port = FreePort.pick();
    private final String password = UUID.randomUUID().toString();
    private final CertificateAuthority authority = CertificateAuthority.create("sequin test authority");
    private final Postmaster postmaster;

    private PostgresServer(int major, PostgresOptions options) {
        this.options = options;
        this.files = PostgresFiles.create(major);
        this.postmaster = new Postmaster(files, options, port, password);
    }

    /**
     * The one server of this major version that all tests of the JVM share, started by the first caller with
     * {@link PostgresOptions#standard()}. Use databases and roles of your own and don't stop it.
     *
     * @throws IllegalStateException when it does not start; the message says why or where the log is
     */
    public static PostgresServer shared(int major) {
        return SHARED.computeIfAbsent(major, version -> new OnceStarted<>(() -> start(version)))
                .get();
    }

    /** As {@link #shared}, and it keeps what it has committed. */
    public static PostgresServer sharedDurable(int major) {
        return DURABLE.computeIfAbsent(major, version -> new OnceStarted<>(() -> startDurable(version)))
                .get();
    }

    /** A server of your own, fast and not crash-safe; close it. */
    public static PostgresServer start(int major) {
        return start(major, PostgresOptions.standard());
    }

    /** A server of your own that keeps what it has committed: {@link PostgresOptions#withDurability}; close it. */
    public static PostgresServer startDurable(int major) {
        return start(major, PostgresOptions.standard().withDurability());
    }

    /**
     * A server of your own; close it.
     *
     * @param major the major version, one of those that testkit/pom.xml unpacks
     * @throws IllegalStateException when it does not start; the message says why or where the log is
     */
    public static PostgresServer start(int major, PostgresOptions options) {
        PostgresServer server = new PostgresServer(major, options);
        server.start();
        return server;
    }

    /** The major version. */
    public int major() {
        return files.major();
    }

    /** The address it listens on: 127.0.0.1. */
    public String host() {
        return HOST;
    }

    /** The port; the same after a restart. */
    public int port() {
        return port;
    }

    /** The password of {@link #SUPERUSER}. */
    public String superuserPassword() {
        return password;
    }

    /** The authority that issued the server's certificate: what clients must trust. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** The JDBC URL of a database, without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /**
     * Connects as {@link #SUPERUSER}, without TLS unless it is required.
     *
     * @throws SQLException as the driver reports it
     */
    public Connection superuser(String database) throws SQLException {
        return connect(database, SUPERUSER, password);
    }

    /**
     * Connects as any user, without TLS unless it is required.
     *
     * @throws SQLException as the driver reports it, with SQLSTATE 28P01 for a wrong password
     */
    public Connection connect(String database, String user, String userPassword) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", userPassword);
        properties.setProperty("sslmode", options.tlsRequired() ? "require" : "disable");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /**
     * Creates an empty database, owned by the superuser.
     *
     * @return its name: the prefix and a random end
     */
    public String createDatabase(String prefix) {
        String name = prefix + "_" + UUID.randomUUID().toString().substring(0, 8);
        execute(session -> "create database " + session.escapeIdentifier(name));
        return name;
    }

    /** The same, whose text is in this encoding, as the server names it. */
    public String createDatabase(String prefix, String encoding) {
        String name = prefix + "_" + UUID.randomUUID().toString().substring(0, 8);
        execute(session -> "create database " + session.escapeIdentifier(name) + " template template0 lc_collate 'C'"
                + " lc_ctype 'C' encoding '" + session.escapeLiteral(encoding) + "'");
        return name;
    }

    /** Creates a role that may log in and has no other right. */
    public void createRole(String name, String rolePassword) {
        execute(session -> "create role " + session.escapeIdentifier(name) + " login password '"
                + session.escapeLiteral(rolePassword) + "'");
    }

    /** The server's log so far, from its first start on. */
    public String log() {
        try {
            return Files.readString(files.log());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + files.log(), e);
        }
    }

    /**
     * Starts a server that was stopped, on the same port and data.
     *
     * @throws IllegalStateException when it runs already, does not start, or is to be durable and says that it is not
     */
    public synchronized void start() {
        postmaster.start(authority.issueServer(List.of("localhost"), List.of(HOST)));
        if (options.durable()) {
            requireDurable();
        }
    }

    /** Asks the server itself, at each start: a test or a benchmark of another one would prove nothing. */
    private void requireDurable() {
        try (Connection connection = superuser(SUPERUSER);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select concat_ws(' ', current_setting('fsync'),"
                        + " current_setting('synchronous_commit'), current_setting('full_page_writes'))")) {
            row.next();
            if (!row.getString(1).equals("on on on")) {
                throw new IllegalStateException("Postgres " + files.major() + " is not durable: fsync,"
                        + " synchronous_commit, full_page_writes are " + row.getString(1));
            }
        } catch (SQLException | RuntimeException e) {
            postmaster.stopImmediately();
            throw new IllegalStateException("cannot use Postgres " + files.major() + " on port " + port, e);
        }
    }

    /**
     * Stops it as an administrator does: sessions are ended, the data is written out. It can be started again.
     *
     * @throws IllegalStateException when it does not run
     */
    public synchronized void stop() {
        postmaster.stop();
    }

    /**
     * Stops it as a crash does: sessions are cut, recovery runs at the next start.
     *
     * @throws IllegalStateException when it does not run
     */
    public synchronized void stopImmediately() {
        postmaster.stopImmediately();
    }

    /**
     * Keeps a copy of the data of a server that is stopped; one earlier is replaced.
     *
     * @throws IllegalStateException when it runs
     */
    public synchronized void backUp() {
        requireStopped();
        files.backUp();
    }

    /**
     * Puts the copy back in the place of the data: as after a failover to a standby that lacked the last commits.
     *
     * @throws IllegalStateException when it runs
     */
    public synchronized void restore() {
        requireStopped();
        files.restore();
    }

    private void requireStopped() {
        if (postmaster.isRunning()) {
            throw new IllegalStateException("stop Postgres on port " + port + " first");
        }
    }

    /** {@link #stop()} and {@link #start()}. */
    public synchronized void restart() {
        stop();
        start();
    }

    /** Stops it for good and removes its data. */
    @Override
    public synchronized void close() {
        if (postmaster.isRunning()) {
            postmaster.stopImmediately();
        }
        Folders.delete(files.folder());
    }

    /** SQL that names something, quoted by the session it will run in. */
    @FunctionalInterface
    private interface Sql {
        String in(PGConnection session) throws SQLException;
    }

    private void execute(Sql sql) {
        try (Connection connection = superuser(SUPERUSER);
                Statement statement = connection.createStatement()) {
            // a password of a test must not be found in the server's log
            statement.execute("set log_statement = 'none'");
            statement.execute(sql.in(connection.unwrap(PGConnection.class)));
        } catch (SQLException e) {
            throw new IllegalStateException("Postgres " + files.major() + " refused to create a database or role", e);
        }
    }
}
