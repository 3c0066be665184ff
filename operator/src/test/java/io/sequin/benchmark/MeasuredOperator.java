package io.sequin.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged operator with the flags of its image in a namespace of its own, and a Destination that it may fill. */
final class MeasuredOperator implements AutoCloseable {
    static final String API_KEY = "rk_test_measured0123456789";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();

    final String namespace;
    final String database;
    private final ApiServer server = ApiServer.shared();
    private final PostgresServer postgres;
    private final PackagedOperator operator;

    /** @param flags of the JVM, besides those of the image but for its AOT cache */
    MeasuredOperator(PostgresServer postgres, URI source, List<String> flags) throws IOException, SQLException {
        this.postgres = postgres;
        Installation installation = new Installation(server.admin(), ROOT.resolve("config"));
        installation.crds();
        namespace = server.namespace("measured");
        database = postgres.createDatabase("measured");
        String user = database + "_sync";
        postgres.createRole(user, "of-the-benchmark");
        try (Connection connection = postgres.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute("grant connect, create on database \"" + database + "\" to \"" + user + "\"");
        }
        secret("db", Map.of("username", user, "password", "of-the-benchmark"));
        secret("ca", Map.of("ca.crt", postgres.authority().pem()));
        secret("stripe", Map.of("api-key", API_KEY));
        apply("Destination", "measured", """
                {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "%s", "port": %d, "database": "%s",
                 "tls": {"caFrom": {"secretKeyRef": {"name": "ca", "key": "ca.crt"}}}}}""".formatted(postgres.host(), postgres.port(), database));
        List<String> options = new ArrayList<>(Files.readAllLines(ROOT.resolve("image/jvm.options")));
        options.removeIf(line -> !line.startsWith("-") || line.startsWith("-XX:AOTCache="));
        options.addAll(flags);
        operator = PackagedOperator.start(
                Path.of(System.getProperty("sequin.operator.jar")),
                server.kubeconfigFor(namespace, installation.rights(namespace)),
                Folders.temporary("sequin-benchmark"),
                options,
                List.of(
                        "--namespaces=" + namespace,
                        "--lease-namespace=" + namespace,
                        "--cluster-id=benchmark",
                        "--source-endpoint=stripe=" + source,
                        "--source-rate=stripe=4000"));
    }

    void sync(String table, String pollInterval) {
        apply("Sync", "measured", """
                {"destinationRef": {"name": "measured"}, "schema": "stripe", "pollInterval": "%s",
                 "tables": {"include": ["%s"]},
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""".formatted(pollInterval, table));
    }

    JsonNode status() {
        GenericKubernetesResource found = Installation.read(server.admin(), "Sync", namespace, "measured");
        return JSON.valueToTree(found.getAdditionalProperties()).path("status");
    }

    Connection connection() throws SQLException {
        return postgres.superuser(database);
    }

    double cpuSeconds() {
        return ProcessHandle.of(operator.process().pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow()
                        .toMillis()
                / 1000.0;
    }

    /** The most memory that was resident, in MiB. */
    long peakMemory() throws IOException {
        String status = Files.readString(Path.of("/proc/" + operator.process().pid() + "/status"));
        Matcher peak = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB$").matcher(status);
        if (!peak.find()) {
            throw new IllegalStateException("the kernel does not tell the memory of the operator");
        }
        return Long.parseLong(peak.group(1)) / 1024;
    }

    @Override
    public void close() {
        operator.close();
    }

    private void secret(String name, Map<String, String> values) {
        server.apply(new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withStringData(values)
                .build());
    }

    private void apply(String kind, String name, String spec) {
        server.admin().resource("""
                        {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, name, namespace, spec)).serverSideApply();
    }
}
