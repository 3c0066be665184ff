package io.sequin.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.Thoroughness;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.truth.TableTruth;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/**
 * A namespace with the packaged operator as its own process under its ServiceAccount's rights, a database, and a fake
 * Stripe: what a user has. Manifests in, status and SQL out.
 */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CONFIG = Path.of("../config").toAbsolutePath().normalize();

    final String namespace;
    final String database;
    final String user;
    final PostgresServer postgres;
    final FakeStripe stripe = FakeStripe.start();
    private final String password;
    private final String apiKey;
    private final Path scratch = Folders.temporary("sequin-e2e");
    private final List<String> flags;
    private final String serviceAccount;
    private final Duration lease;
    private final Kubelet kubelet;

    /** @param flags of the operator, besides what a rig needs */
    Rig(PostgresServer postgres, String name, String password, String apiKey, List<String> flags) {
        this(postgres, name, password, apiKey, flags, true);
    }

    private Rig(
            PostgresServer postgres,
            String name,
            String password,
            String apiKey,
            List<String> flags,
            boolean restarted) {
        this.postgres = postgres;
        this.password = password;
        this.apiKey = apiKey;
        this.flags = flags;
        // short, since who is killed leaves it; longer where who loses it on a busy machine would not be started again
        this.lease = Duration.ofSeconds(restarted ? 3 : 12);
        stripe.keys().add(ApiKey.secret(apiKey, FakeStripe.ACCOUNT));
        Installation installation = new Installation(admin(), CONFIG);
        installation.crds();
        namespace = ApiServer.shared().namespace(name);
        serviceAccount = installation.rights(namespace);
        database = postgres.createDatabase(name.replace('-', '_'));
        user = database + "_sync";
        postgres.createRole(user, password);
        kubelet = new Kubelet(() -> startOperator("sequin-operator-local"), restarted);
        kubelet.start();
    }

    static Rig on(int major, String name) {
        return new Rig(Thoroughness.server(major), name, newPassword(), newApiKey(), List.of());
    }

    /** Where an operator that has ended by itself stays so, on a server that keeps what it has committed. */
    static Rig withoutRestarts(int major, String name) {
        return new Rig(PostgresServer.sharedDurable(major), name, newPassword(), newApiKey(), List.of(), false);
    }

    private static String newPassword() {
        return UUID.randomUUID().toString();
    }

    private static String newApiKey() {
        return "sk_test_" + UUID.randomUUID().toString().replace("-", "");
    }

    /** One under this name; close it, where it is not the one of the rig. */
    PackagedOperator startOperator(String pod) {
        List<String> arguments = new ArrayList<>(List.of(
                "--namespaces=" + namespace,
                "--lease-namespace=" + namespace,
                "--cluster-id=e2e",
                "--lease-duration=" + lease.toSeconds() + "s",
                "--lease-renew-deadline=" + (lease.toSeconds() * 2 / 3) + "s",
                "--lease-retry-period=500ms",
                "--source-endpoint=stripe=" + stripe.baseUri(),
                "--source-rate=stripe=4000"));
        arguments.addAll(flags);
        return PackagedOperator.start(
                Path.of(System.getProperty("sequin.operator.jar")),
                ApiServer.shared().kubeconfigFor(namespace, serviceAccount),
                scratch,
                List.of("-XX:+UseSerialGC", "-Xmx192m", "-XX:TieredStopAtLevel=1"),
                arguments,
                pod);
    }

    static KubernetesClient admin() {
        return ApiServer.shared().admin();
    }

    PackagedOperator operator() {
        return kubelet.operator();
    }

    /** SIGSTOP, where it has not just ended by itself. */
    void pause() {
        kubelet.pause();
    }

    /** SIGKILL. */
    void kill() {
        kubelet.kill();
    }

    void restart() {
        kubelet.start();
    }

    /** Once it is killed: the next one need not wait for the end of its Lease. */
    void forgetLeader() {
        admin().leases().inNamespace(namespace).withName("sequin-operator").delete();
    }

    /** Until the Sync's loop has begun: it has asked the source for something. */
    void awaitLeading() {
        long before = stripe.requests().total();
        Awaitility.await("the restarted operator works")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> stripe.requests().total() > before + 8);
    }

    void grantCreate() throws SQLException {
        asOwner("grant connect, create on database \"" + database + "\" to \"" + user + "\"");
    }

    void asOwner(String sql) throws SQLException {
        try (Connection connection = postgres.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void secret(String name, Map<String, String> values) {
        admin().resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .serverSideApply();
    }

    void credentials(String text) {
        secret("warehouse-sequin", Map.of("username", user, "password", text));
    }

    void apiKey(String key) {
        secret("stripe", Map.of("api-key", key));
    }

    void rightCredentials() {
        credentials(password);
    }

    void rightApiKey() {
        apiKey(apiKey);
    }

    void deleteSync(String name) {
        admin().genericKubernetesResources("sequin.io/v1alpha1", "Sync")
                .inNamespace(namespace)
                .withName(name)
                .delete();
        Awaitility.await("the Sync is gone")
                .atMost(PATIENCE)
                .until(() -> Installation.read(admin(), "Sync", namespace, name) == null);
    }

    /** Both manifests and all Secrets, all of them right. */
    void applyAll() {
        credentials(password);
        apiKey(apiKey);
        destination(postgres.host(), postgres.port(), database);
        sync("stripe", "stripe");
    }

    void destination(String host, int port, String databaseName) {
        secret("warehouse-ca", Map.of("ca.crt", postgres.authority().pem()));
        apply("Destination", "warehouse", """
                {"postgres": {"credentialsSecretRef": {"name": "warehouse-sequin"}, "host": "%s", "port": %d,
                 "database": "%s", "tls": {"caFrom": {"secretKeyRef": {"name": "warehouse-ca", "key": "ca.crt"}}}},
                 "verifyInterval": "10s"}""".formatted(host, port, databaseName));
    }

    void sync(String name, String schema) {
        apply("Sync", name, """
                {"destinationRef": {"name": "warehouse"}, "schema": "%s", "pollInterval": "1s",
                 "tables": {"include": ["customer", "product", "charge"]},
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""".formatted(schema));
    }

    void suspend(String name, boolean suspended) {
        patch(name, "{\"spec\": {\"suspend\": %s}}".formatted(suspended));
    }

    void resync(String name, String token) {
        patch(name, "{\"spec\": {\"resync\": {\"token\": \"%s\"}}}".formatted(token));
    }

    private void patch(String name, String change) {
        admin().genericKubernetesResources("sequin.io/v1alpha1", "Sync")
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), change);
    }

    void apply(String kind, String name, String spec) {
        String manifest = """
                {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                 "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, name, namespace, spec);
        admin().resource(manifest).fieldManager("e2e").forceConflicts().serverSideApply();
    }

    JsonNode status(String kind, String name) {
        GenericKubernetesResource found = Installation.read(admin(), kind, namespace, name);
        return JSON.valueToTree(found == null ? Map.of() : found.getAdditionalProperties())
                .path("status");
    }

    /** Status and reason of a condition, such as {@code False/MissingGrants}. */
    String condition(String kind, String name, String type) {
        for (JsonNode condition : status(kind, name).path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + "/"
                        + condition.path("reason").asText();
            }
        }
        return "-";
    }

    void await(String kind, String name, String type, String expected) {
        Awaitility.await(kind + " " + type + "=" + expected)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> condition(kind, name, type), found -> found.startsWith(expected));
    }

    /** Each table equal to the source by key and content; empty when it is. */
    List<String> differences(String schema) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = postgres.superuser(database)) {
            for (StripeObjectType type : StripeObjectType.core()) {
                found.addAll(TableTruth.differences(
                        connection, schema, type.wireName(), stripe.data().truth(type)));
            }
        }
        return found;
    }

    void awaitEqual(String schema) {
        Awaitility.await("every table equals the source")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(differences(schema))
                        .isEmpty());
    }

    @Override
    public void close() {
        kubelet.close();
        stripe.close();
    }
}
