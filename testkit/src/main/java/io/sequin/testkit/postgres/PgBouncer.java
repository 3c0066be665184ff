package io.sequin.testkit.postgres;

import com.sun.security.auth.module.UnixSystem;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.FreePort;
import io.sequin.testkit.process.Reaper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A PgBouncer on 127.0.0.1 before a {@link PostgresServer}, in transaction mode, otherwise as it is without any setting:
 * each transaction may run on another connection to the server. Ends with the JVM at the latest.
 */
public final class PgBouncer implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofSeconds(30);
    private static final String INSTALL = "apt-get install -y pgbouncer";

    private final Path folder = Folders.temporary("sequin-pgbouncer");
    private final int port = FreePort.pick();
    private final Process process;

    private PgBouncer(PostgresServer server, String user, String password) {
        try {
            requireInstalled();
            write("users.txt", "\"%s\" \"%s\"\n".formatted(user, password));
            Path configuration = write(
                    "pgbouncer.ini", """
                    [databases]
                    * = host=%s port=%d
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = md5
                    auth_file = %s
                    pool_mode = transaction
                    default_pool_size = 3
                    """.formatted(server.host(), server.port(), port, folder.resolve("users.txt")));
            process = new ProcessBuilder(command(configuration))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            Reaper.kill(process.pid(), "KILL");
            awaitStart();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PgBouncer", e);
        }
    }

    /**
     * Starts one that one user may log in to.
     *
     * @throws IllegalStateException where PgBouncer is missing and we may not install it; the message has the command
     */
    public static PgBouncer before(PostgresServer server, String user, String password) {
        return new PgBouncer(server, user, password);
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    /** What it has written so far. */
    public String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It refuses to run as root. */
    private List<String> command(Path configuration) throws IOException {
        if (new UnixSystem().getUid() != 0) {
            return List.of("pgbouncer", configuration.toString());
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return List.of("pgbouncer", "-u", "nobody", configuration.toString());
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        // on a machine of the tests, with a password of the test
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static synchronized void requireInstalled() throws IOException {
        if (succeeds(List.of("pgbouncer", "--version"))) {
            return;
        }
        boolean installed = new UnixSystem().getUid() == 0 && (install() || (updateLists() && install()));
        if (!installed) {
            throw new IllegalStateException("PgBouncer is missing; install it, as root: " + INSTALL);
        }
        System.out.println("installed PgBouncer for the tests: " + INSTALL);
    }

    private static boolean install() throws IOException {
        return succeeds(List.of("apt-get", "install", "-y", "pgbouncer"));
    }

    private static boolean updateLists() throws IOException {
        return succeeds(List.of("apt-get", "update"));
    }

    private static boolean succeeds(List<String> command) throws IOException {
        try {
            Process run = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return run.waitFor(5, TimeUnit.MINUTES) && run.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private void awaitStart() {
        long deadline = System.nanoTime() + START_WAIT.toNanos();
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("PgBouncer did not start on port " + port + ", it says:\n" + log());
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private boolean listens() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Folders.delete(folder);
    }
}
