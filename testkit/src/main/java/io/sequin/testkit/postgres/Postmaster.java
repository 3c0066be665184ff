package io.sequin.testkit.postgres;

import com.sun.security.auth.module.UnixSystem;
import io.sequin.testkit.process.Reaper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Starts and stops the server process of one {@link PostgresServer}. Not thread-safe. */
final class Postmaster {
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Duration STOP_WAIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(10);

    private final PostgresFiles files;
    private final PostgresOptions options;
    private final int port;
    private final String password;
    private @Nullable EmbeddedPostgres running;

    Postmaster(PostgresFiles files, PostgresOptions options, int port, String password) {
        this.files = files;
        this.options = options;
        this.port = port;
        this.password = password;
    }

    boolean isRunning() {
        return running != null;
    }

    /** Starts it; the first start makes the data folder, with {@code certificate} as the server's. */
    void start(CertificateAuthority.Issued certificate) {
        if (running != null) {
            throw new IllegalStateException("Postgres runs already on port " + port);
        }
        refuseRootWithoutUserNamespaces();
        try {
            EmbeddedPostgres.Builder builder = builder();
            if (Files.notExists(files.data())) {
                prepareFirstStart(builder, certificate);
            }
            running = builder.start();
            Reaper.kill(pid(), "QUIT");
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "Postgres " + files.major() + " did not start on port " + port + ", its last words:\n"
                            + files.endOfLog(),
                    e);
        }
    }

    /** Ends sessions, writes data out, waits. */
    void stop() {
        long pid = pid();
        try {
            require().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop Postgres, see " + files.log(), e);
        }
        awaitEnd(pid);
    }

    /** Cuts sessions and writes nothing out, waits. */
    void stopImmediately() {
        require();
        long pid = pid();
        try {
            new ProcessBuilder("bash", "-c", "kill -s QUIT " + pid).start().waitFor();
            awaitEnd(pid);
            // the library would complain that nothing runs; without its lock file it can start again
            Files.deleteIfExists(files.data().resolve("epg-lock"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop Postgres, see " + files.log(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping Postgres", e);
        }
    }

    private EmbeddedPostgres require() {
        if (running == null) {
            throw new IllegalStateException("Postgres does not run on port " + port);
        }
        return running;
    }

    /** The server removes its pid file last, after its ports are closed; a killed one leaves it. */
    private void awaitEnd(long pid) {
        running = null;
        long deadline = System.nanoTime() + STOP_WAIT.toNanos();
        while (Files.exists(files.pid()) && ProcessHandle.of(pid).isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Postgres did not stop within " + STOP_WAIT + ", see " + files.log());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        Reaper.spare(pid);
    }

    /** The first line of the pid file; the library only knows the process of pg_ctl, which is over. */
    private long pid() {
        try {
            return Long.parseLong(Files.readAllLines(files.pid()).getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("no pid file of Postgres, see " + files.log(), e);
        }
    }

    private EmbeddedPostgres.Builder builder() {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(files.log().toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(new PostgresBinary(files.major()))
                .setDataDirectory(files.data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_WAIT)
                .setPort(port)
                .setConnectConfig("password", password)
                .setOutputRedirector(log)
                .setErrorRedirector(log);
        options.commandLine().forEach(builder::setServerConfig);
        return builder;
    }

    /** "Locale" settings reach initdb as {@code --name=value}: so passwords are asked for from the very first start. */
    private void prepareFirstStart(EmbeddedPostgres.Builder builder, CertificateAuthority.Issued certificate)
            throws IOException {
        builder.setLocaleConfig("auth", files.authentication())
                .setLocaleConfig("pwfile", files.writePassword(password).toString())
                .setLocaleConfig("locale", "C")
                .setDataDirectoryCustomizer(data -> files.configure(options, certificate));
    }

    private static void refuseRootWithoutUserNamespaces() {
        if (new UnixSystem().getUid() == 0 && !LinuxUtils.isUnshareAvailable()) {
            throw new IllegalStateException("Postgres refuses to run as root, and `unshare -U` does not work here;"
                    + " run the build as another user");
        }
    }
}
