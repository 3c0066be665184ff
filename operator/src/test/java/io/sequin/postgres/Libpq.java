package io.sequin.postgres;

import io.sequin.data.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks the real libpq, through psql, whether it connects and whether by TLS. */
final class Libpq {
    private static final String PSQL = "/usr/bin/psql";
    private static final String INSTALL = "apt-get install -y postgresql-client";
    private static final String QUESTION = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

    /** What came of a try to connect. */
    enum Answer {
        REFUSED,
        PLAIN,
        TLS
    }

    private Libpq() {}

    /**
     * Connects to 127.0.0.1.
     *
     * @param host the name that the certificate is to be for
     * @param ca a file that need not exist: libpq then has no authorities
     */
    static Answer connect(TlsMode mode, String host, int port, TestLogin login, String password, Path ca)
            throws IOException, InterruptedException {
        install();
        String where = "host=" + host + " hostaddr=127.0.0.1 port=" + port + " dbname=" + login.database + " user="
                + login.user + " sslmode=" + mode.libpqName() + " sslrootcert=" + ca
                + " sslcert=/nonexistent gssencmode=disable connect_timeout=20";
        ProcessBuilder psql =
                new ProcessBuilder(List.of(PSQL, "-XAtw", "-c", QUESTION, where)).redirectErrorStream(true);
        Map<String, String> environment = psql.environment();
        environment.put("PGPASSWORD", password);
        environment.put("HOME", "/nonexistent");
        Process process = psql.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("psql does not end");
        }
        if (process.exitValue() == 2) {
            return Answer.REFUSED;
        }
        return switch (said) {
            case "t" -> Answer.TLS;
            case "f" -> Answer.PLAIN;
            default -> throw new IllegalStateException("psql ended with " + process.exitValue() + " and said: " + said);
        };
    }

    /** Where we are root psql is installed; elsewhere the test fails and says how. */
    private static synchronized void install() throws IOException, InterruptedException {
        if (Files.exists(Path.of(PSQL))) {
            return;
        }
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            new ProcessBuilder("bash", "-xc", "apt-get update && " + INSTALL)
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        if (Files.notExists(Path.of(PSQL))) {
            throw new IllegalStateException("this test asks libpq itself, by psql: " + INSTALL);
        }
    }
}
