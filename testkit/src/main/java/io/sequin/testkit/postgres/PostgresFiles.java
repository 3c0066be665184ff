package io.sequin.testkit.postgres;

import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The folder of one server: data, log, and the files that configure it. */
record PostgresFiles(int major, Path folder) {
    private static final int LAST_LINES = 20;
    private static final int FIRST_WITH_SCRAM_BY_DEFAULT = 14;

    static PostgresFiles create(int major) {
        return new PostgresFiles(major, Folders.temporary("sequin-postgres-" + major));
    }

    Path data() {
        return folder.resolve("data");
    }

    Path pid() {
        return data().resolve("postmaster.pid");
    }

    Path log() {
        return folder.resolve("postgres.log");
    }

    /** The log's last lines; the file itself goes with the JVM. */
    String endOfLog() {
        try {
            List<String> lines = Files.exists(log()) ? Files.readAllLines(log()) : List.of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log(), e);
        }
    }

    /** The method that this version's default {@code password_encryption} goes with. */
    String authentication() {
        return major >= FIRST_WITH_SCRAM_BY_DEFAULT ? "scram-sha-256" : "md5";
    }

    /** Writes the superuser's password where initdb reads it once. */
    Path writePassword(String password) throws IOException {
        return writePrivate(folder.resolve("password"), password + "\n");
    }

    /** Copies the data of a server that is stopped. */
    void backUp() {
        copy(data(), folder.resolve("backup"));
    }

    /** Puts the copy in the data's place. */
    void restore() {
        copy(folder.resolve("backup"), data());
    }

    /** By {@code cp}, which keeps owners and rights. */
    private static void copy(Path from, Path to) {
        try {
            if (Files.exists(to)) {
                Folders.delete(to);
            }
            int code = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("cp ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while copying " + from, e);
        }
    }

    /** Configures a data folder that initdb has just made. */
    void configure(PostgresOptions options, CertificateAuthority.Issued server) {
        try {
            writePrivate(data().resolve("server.crt"), server.certificatePem());
            writePrivate(data().resolve("server.key"), server.keyPem());
            Files.writeString(data().resolve("pg_hba.conf"), hostRules(options));
            Files.writeString(data().resolve("sequin.conf"), settings(options));
            Files.writeString(data().resolve("postgresql.conf"), "include 'sequin.conf'\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure the server in " + data(), e);
        }
    }

    private String hostRules(PostgresOptions options) {
        String kind = options.tlsRequired() ? "hostssl" : "host";
        return String.join("\n", List.of(kind + " all all 127.0.0.1/32 " + authentication(), ""));
    }

    private static String settings(PostgresOptions options) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("ssl", "on");
        settings.put("ssl_cert_file", "server.crt");
        settings.put("ssl_key_file", "server.key");
        settings.put("log_line_prefix", "%m [%p] %u@%d ");
        settings.put("full_page_writes", options.durable() ? "on" : "off");
        settings.putAll(options.settings());
        StringBuilder lines = new StringBuilder();
        settings.forEach((name, value) -> lines.append(
                "%s = '%s'%n".formatted(name, value.replace("\\", "\\\\").replace("'", "''"))));
        return lines.toString();
    }

    private static Path writePrivate(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
