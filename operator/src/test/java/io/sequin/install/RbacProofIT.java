package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.AuditEntry;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged operator lives a whole life as the chart's ServiceAccount, with the chart's rights and flags: the audit
 * log of the API server says that it was refused nothing, and used all that it was granted and nothing else.
 */
class RbacProofIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String API_KEY = "rk_test_rbacProof01234567";
    private static final String PASSWORD = "of-the-rbac-proof";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What Kubernetes grants to everybody who can log in (ClusterRole system:basic-user). */
    private static final Set<String> ANYBODYS = Set.of(
            "create authorization.k8s.io/selfsubjectaccessreviews",
            "create authorization.k8s.io/selfsubjectrulesreviews");

    /**
     * Used only where somebody else changes an object between the operator's read of it and its write of a finalizer;
     * FinalizersIT brings that about.
     */
    private static final Set<String> ONLY_AFTER_A_CONFLICT =
            Set.of("get sequin.io/destinations", "get sequin.io/syncs");

    /** Its own: an operator of the whole cluster would work on the resources of other tests too. */
    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            of-the-cluster | crds.enabled=true
            of-namespaces  | watchNamespaces={of-namespaces-users}
            """)
    void itIsRefusedNothingAndUsesAllThatTheChartGrants(String mode, String values) throws Exception {
        String system = mode + "-system";
        String users = mode + "-users";
        namespace(system);
        namespace(users);
        List<HasMetadata> chart = Manifests.parse(
                Command.template("sequin-operator", system, "--set=fullnameOverride=" + mode + "," + values));
        chart.stream().filter(object -> !(object instanceof Deployment)).forEach(server::apply);

        live(system, users, Manifests.only(chart, Deployment.class));

        List<AuditEntry> requests = server.auditLog().entriesOf("system:serviceaccount:" + system + ":" + mode);
        assertThat(requests)
                .filteredOn(request -> request.code() == 401 || request.code() == 403)
                .isEmpty();
        Set<String> used = Rights.used(requests);
        used.removeAll(ANYBODYS);
        Set<String> granted = Rights.granted(chart);
        assertThat(granted).containsAll(used).containsAll(ONLY_AFTER_A_CONFLICT);
        granted.removeAll(ONLY_AFTER_A_CONFLICT);
        assertThat(used).containsAll(granted);
    }

    private static void live(String system, String users, Deployment deployment) throws Exception {
        PostgresServer postgres = PostgresServer.shared(15);
        String user = users.replace('-', '_');
        String database = postgres.createDatabase(user);
        postgres.createRole(user, PASSWORD);
        try (Connection owner = postgres.superuser(database);
                Statement statement = owner.createStatement()) {
            statement.execute("grant create on database \"" + database + "\" to \"" + user + "\"");
        }
        try (FakeStripe stripe = FakeStripe.start()) {
            stripe.keys().add(ApiKey.secret(API_KEY, FakeStripe.ACCOUNT));
            stripe.data().seed(4, 60, 10, 80);
            try (PackagedOperator operator = operator(system, deployment, stripe)) {
                secret(users, "db", Map.of("username", user, "password", PASSWORD));
                secret(users, "stripe", Map.of("api-key", API_KEY));
                authority(users, postgres.authority().pem());
                object(users, "Destination", "db", """
                        {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "%s", "port": %d,
                         "database": "%s", "tls": {"caFrom": {"configMapKeyRef": {"name": "ca", "key": "ca.crt"}}}}}
                        """.formatted(postgres.host(), postgres.port(), database));
                object(users, "Sync", "shop", """
                        {"destinationRef": {"name": "db"}, "schema": "shop", "pollInterval": "1s",
                         "deletionPolicy": "Delete",
                         "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""");
                await(users, "Sync", "shop", "BackfillComplete", "True");
                secret(users, "db", Map.of("username", user, "password", "wrong"));
                await(users, "Destination", "db", "Ready", "False");
                secret(users, "db", Map.of("username", user, "password", PASSWORD));
                await(users, "Destination", "db", "Ready", "True");
                delete(users, "Sync", "shop");
                delete(users, "Destination", "db");
                operator.process().terminate();
                assertThat(operator.process().waitFor(PATIENCE)).hasValue(0);
            }
        }
    }

    private static PackagedOperator operator(String system, Deployment deployment, FakeStripe stripe) {
        Path scratch = Folders.temporary("sequin-rbac");
        List<String> arguments = new ArrayList<>(deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getArgs());
        arguments.add("--source-endpoint=stripe=" + stripe.baseUri());
        String account = deployment.getSpec().getTemplate().getSpec().getServiceAccountName();
        return PackagedOperator.start(
                Path.of(System.getProperty("sequin.operator.jar")),
                server.kubeconfigFor(system, account),
                scratch,
                List.of("-XX:+UseSerialGC", "-Xmx192m", "-XX:TieredStopAtLevel=1"),
                arguments);
    }

    private static void namespace(String name) {
        server.apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build());
    }

    private static void secret(String namespace, String name, Map<String, String> values) {
        server.apply(new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withStringData(values)
                .build());
    }

    private static void authority(String namespace, String pem) {
        server.apply(new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("ca")
                .endMetadata()
                .withData(Map.of("ca.crt", pem))
                .build());
    }

    private static void object(String namespace, String kind, String name, String spec) {
        server.admin().resource("""
                        {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, name, namespace, spec)).serverSideApply();
    }

    private static void await(String namespace, String kind, String name, String type, String status) {
        Awaitility.await(kind + " " + type + "=" + status)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> condition(namespace, kind, name, type), found -> found.equals(status));
    }

    private static String condition(String namespace, String kind, String name, String type) {
        GenericKubernetesResource found = Installation.read(server.admin(), kind, namespace, name);
        for (JsonNode condition :
                JSON.valueToTree(found.getAdditionalProperties()).at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private static void delete(String namespace, String kind, String name) {
        server.admin()
                .genericKubernetesResources("sequin.io/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .delete();
        Awaitility.await(kind + " is gone")
                .atMost(PATIENCE)
                .until(() -> Installation.read(server.admin(), kind, namespace, name) == null);
    }
}
