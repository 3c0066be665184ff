package io.sequin.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A namespace and a database of their own, with all that Destinations and Syncs refer to; no operator yet. */
final class Bench {
    static final String API_KEY = "rk_test_measured0123456789";

    private static final Path CONFIG = Path.of("..", "config").toAbsolutePath().normalize();
    private static final String GROUP = "sequin.io/v1alpha1";
    static final String PASSWORD = "of-the-benchmark";
    private static final ObjectMapper JSON = new ObjectMapper();

    final String namespace;
    final URI source;
    private final ApiServer server = ApiServer.shared();
    private final PostgresServer postgres;
    private final String account;
    private final String database;
    private final String user;

    /** @param source what stands in for Stripe; {@link #API_KEY} is its key */
    Bench(PostgresServer postgres, URI source) throws SQLException {
        this.postgres = postgres;
        this.source = source;
        Installation installation = new Installation(server.admin(), CONFIG);
        installation.crds();
        namespace = server.namespace("measured");
        account = installation.rights(namespace);
        database = postgres.createDatabase("measured");
        user = database + "_sync";
        postgres.createRole(user, PASSWORD);
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("grant connect, create on database \"" + database + "\" to \"" + user + "\"");
        }
        secret("db", Map.of("username", user, "password", PASSWORD));
        secret("ca", Map.of("ca.crt", postgres.authority().pem()));
        secret("stripe", Map.of("api-key", API_KEY));
    }

    void destination(String name) {
        apply("Destination", name, """
                {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "%s", "port": %d, "database": "%s",
                 "tls": {"caFrom": {"secretKeyRef": {"name": "ca", "key": "ca.crt"}}}}}""".formatted(postgres.host(), postgres.port(), database));
    }

    /** @param more fields of the spec, but for the source, as JSON without braces */
    void sync(String name, String destination, String schema, String more) {
        apply("Sync", name, """
                {"destinationRef": {"name": "%s"}, "schema": "%s", %s,
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""".formatted(destination, schema, more));
    }

    /** Lets a Sync that was applied as suspended go. */
    void resume(String sync) {
        server.admin()
                .genericKubernetesResources(GROUP, "Sync")
                .inNamespace(namespace)
                .withName(sync)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": false}}");
    }

    JsonNode status(String kind, String name) {
        return status(Installation.read(server.admin(), kind, namespace, name));
    }

    /** Sees the first status of a resource when it is written, without asking for it again and again. */
    FirstStatus firstStatus(String kind, String name) {
        return new FirstStatus(server.admin()
                .genericKubernetesResources(GROUP, kind)
                .inNamespace(namespace)
                .withName(name));
    }

    /** Watches one resource. */
    static final class FirstStatus implements Watcher<GenericKubernetesResource>, AutoCloseable {
        private final AtomicReference<Instant> at = new AtomicReference<>();
        private final Watch watch;

        private FirstStatus(Resource<GenericKubernetesResource> resource) {
            watch = resource.watch(this);
        }

        boolean isThere() {
            return at.get() != null;
        }

        /** Null before it is there. */
        Instant at() {
            return at.get();
        }

        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {
            if (status(resource).has("observedGeneration")) {
                at.compareAndSet(null, Instant.now());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    /** How many Syncs have this condition. */
    long syncsWith(String condition) {
        return server
                .admin()
                .genericKubernetesResources(GROUP, "Sync")
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(sync -> is(status(sync).path("conditions"), condition))
                .count();
    }

    private static JsonNode status(GenericKubernetesResource found) {
        return JSON.valueToTree(found.getAdditionalProperties()).path("status");
    }

    private static boolean is(JsonNode conditions, String wanted) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(wanted)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** To the database, as its superuser. */
    Connection connection() throws SQLException {
        return postgres.superuser(database);
    }

    /** The role by which the operator connects. */
    String user() {
        return user;
    }

    /** The same database for the engine alone; makes a file. */
    EngineAlone.Task alone(Path scratch, int rows) throws IOException {
        Path authority = Files.writeString(
                scratch.resolve("ca.crt"), postgres.authority().pem());
        return new EngineAlone.Task(postgres.host(), postgres.port(), database, user, authority, rows);
    }

    /** What tells the operator where its API server is; makes files. */
    Map<String, String> podEnvironment(Path scratch) {
        return server.podEnvironment(namespace, account, scratch);
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
        server.admin()
                .resource("""
                        {"apiVersion": "%s", "kind": "%s",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(GROUP, kind, name, namespace, spec))
                .serverSideApply();
    }
}
