package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.HelmProgram;
import io.sequin.testkit.postgres.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows a page of the documentation from top to bottom: every command, statement and manifest, as it stands there. */
final class Walkthrough {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final String API_KEY = "rk_test_walkthrough0123456789";
    static final String PASSWORD = "of-the-walkthrough-4711";

    /** A block, after the name of its file where one stands right before it. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)(?:`([a-z.]+)`:\\n\\n)?^```(sh|sql|yaml)\\n(.*?)^```$");

    private static final Pattern NAMESPACE = Pattern.compile("namespace: ([a-z]+)");

    private final Path folder;
    private final ApiServer server;
    private final PostgresServer postgres;
    private final List<String> done = new ArrayList<>();
    private String output = "";

    /** Sees each command before it is run, and what it printed after. */
    interface Reader {
        /** Whether to run this line. */
        boolean runs(String line);

        /** It has been run. */
        default void ran(String line) throws Exception {}
    }

    Walkthrough(Path folder, ApiServer server, PostgresServer postgres) throws IOException {
        this.folder = folder;
        this.server = server;
        this.postgres = postgres;
        Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
    }

    /** The kinds of blocks that were there and the commands that were run, in order. */
    List<String> follow(Path page, Reader reader) throws Exception {
        Matcher blocks = BLOCK.matcher(Files.readString(page));
        while (blocks.find()) {
            String text = blocks.group(3).replace("YOUR_PASSWORD", PASSWORD).replace("YOUR_STRIPE_KEY", API_KEY);
            done.add(blocks.group(2));
            switch (blocks.group(2)) {
                case "sql" -> sql(text);
                case "yaml" -> yaml(blocks.group(1), text);
                default -> {
                    for (String line : text.lines().filter(reader::runs).toList()) {
                        run(line);
                        done.add(line);
                        reader.ran(line);
                    }
                }
            }
        }
        return done;
    }

    /** What the last command printed. */
    String output() {
        return output;
    }

    private void sql(String text) throws Exception {
        try (Connection connection = postgres.superuser("app");
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    /** Only the address and its authority are ours. */
    private void yaml(String file, String text) throws IOException {
        Matcher namespace = NAMESPACE.matcher(text);
        String where = namespace.find() ? ", namespace: " + namespace.group(1) : "";
        String ca = postgres.authority().pem().indent(4);
        Files.writeString(folder.resolve(file), """
                apiVersion: v1
                kind: Secret
                metadata: {name: ca%s}
                stringData:
                  ca.crt: |
                %s---
                %s""".formatted(
                where, ca, text.replace("host: db.example.com", """
                host: %s
                    port: %d
                    tls: {caFrom: {secretKeyRef: {name: ca, key: ca.crt}}}""".formatted(postgres.host(), postgres.port()))));
    }

    /** Runs a command as a user would in a terminal, and fails where it fails. */
    void run(String line) throws Exception {
        File written = folder.resolve("output").toFile();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(written);
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        builder.environment()
                .merge(
                        "PATH",
                        server.kubectl().getParent() + ":" + HelmProgram.path().getParent(),
                        (path, first) -> first + ":" + path);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).as(line).isTrue();
            output = Files.readString(written.toPath());
            assertThat(process.exitValue()).as("%s\n%s", line, output).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
