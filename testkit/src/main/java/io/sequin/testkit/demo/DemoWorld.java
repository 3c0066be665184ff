package io.sequin.testkit.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Everything the demo starts, and what it applies. Closing it leaves nothing running. */
final class DemoWorld implements AutoCloseable {
    static final String NAMESPACE = "sequin-demo";
    static final String DATABASE = "app";
    static final String SYNC_USER = "sequin";
    private static final String MARK_LABEL = "app.kubernetes.io/managed-by";
    private static final String MARK = "sequin-demo";

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final DemoSettings settings;
    private final Path scratch;
    private final Cluster cluster;
    private final PostgresServer postgres;
    private final FakeStripe stripe;
    private final String password = random();
    private final String apiKey = "sk_test_" + random();
    private final PackagedOperator operator;

    private DemoWorld(DemoSettings settings, Console console) throws Exception {
        this.settings = settings;
        this.scratch = Folders.temporary("sequin-demo");
        try {
            console.step("Kubernetes API server");
            cluster = closing(Cluster.open(settings.kubeconfig(), scratch));
            console.step("Postgres 18");
            postgres = closing(PostgresServer.start(18));
            console.step("a stand-in for Stripe with %,d objects".formatted(settings.objects()));
            stripe = closing(startStripe());
            console.step("CRDs, rights, Secrets");
            prepareDatabase();
            Installation installation = new Installation(cluster.admin(), settings.config());
            installation.crds();
            createNamespace();
            String account = installation.rights(NAMESPACE);
            console.step("the operator, as ServiceAccount %s/%s".formatted(NAMESPACE, account));
            operator = closing(startOperator(account));
            applySamples();
            if (settings.kubeconfig().isPresent()) {
                closing(this::deleteResources);
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    static DemoWorld start(DemoSettings settings, Console console) throws Exception {
        return new DemoWorld(settings, console);
    }

    private <T extends AutoCloseable> T closing(T part) {
        started.push(part);
        return part;
    }

    private FakeStripe startStripe() {
        FakeStripe fake = FakeStripe.start();
        fake.keys().add(ApiKey.secret(apiKey, FakeStripe.ACCOUNT));
        DemoTables.seed(fake.data(), settings.objects());
        return fake;
    }

    /** The user exists and may log in, as after the first half of the guide: what is missing, the operator will say. */
    private void prepareDatabase() throws SQLException {
        postgres.createRole(SYNC_USER, password);
        try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + DATABASE);
        }
    }

    /** In the user's own cluster the namespace goes when the demo ends; one that is not the demo's is left alone. */
    private void createNamespace() {
        Resource<Namespace> place = cluster.admin().namespaces().withName(NAMESPACE);
        Namespace found = place.get();
        if (found != null && !MARK.equals(found.getMetadata().getLabels().get(MARK_LABEL))) {
            throw new IllegalStateException("namespace " + NAMESPACE + " is there already and is not the demo's");
        }
        cluster.admin()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .addToLabels(MARK_LABEL, MARK)
                        .endMetadata()
                        .build())
                .serverSideApply();
        if (settings.kubeconfig().isPresent()) {
            closing(() -> place.delete());
        }
    }

    /**
     * While the operator runs: a Destination in use is held back by a finalizer until its Syncs are gone. The client's own
     * wait for what a delete of a list names does not know these kinds, and ends at once.
     */
    private void deleteResources() throws Exception {
        for (String kind : List.of("Sync", "Destination")) {
            var all = cluster.admin()
                    .genericKubernetesResources("sequin.io/v1alpha1", kind)
                    .inNamespace(NAMESPACE);
            all.delete();
            all.informOnCondition(List::isEmpty).get(30, TimeUnit.SECONDS);
        }
    }

    private PackagedOperator startOperator(String account) {
        return PackagedOperator.start(
                settings.jar(),
                cluster.kubeconfigFor(NAMESPACE, account),
                scratch,
                List.of("-XX:+UseSerialGC", "-Xmx192m"),
                List.of(
                        "--namespaces=" + NAMESPACE,
                        "--lease-namespace=" + NAMESPACE,
                        "--cluster-id=demo",
                        "--source-endpoint=stripe=" + stripe.baseUri(),
                        // a stand-in has no limits to keep
                        "--source-rate=stripe=4000"));
    }

    /** The samples as they are, with an overlay for what differs here: address, CA, Secrets, a short poll. */
    private void applySamples() throws IOException {
        for (HasMetadata document : new Installation(cluster.admin(), settings.config()).documents("samples/stripe")) {
            document.getMetadata().setNamespace(NAMESPACE);
            if (document instanceof GenericKubernetesResource resource) {
                overlay(resource);
            } else if (document.getKind().equals("Secret")) {
                continue;
            }
            cluster.admin().resource(document).serverSideApply();
        }
    }

    private void overlay(GenericKubernetesResource resource) {
        Map<String, Object> spec =
                Samples.map(resource.getAdditionalProperties().get("spec"));
        if (resource.getKind().equals("Destination")) {
            Map<String, Object> server = Samples.map(spec.get("postgres"));
            server.put("host", postgres.host());
            server.put("port", postgres.port());
            server.put("database", DATABASE);
            server.put(
                    "tls",
                    Map.of(
                            "mode",
                            "verify-full",
                            "caFrom",
                            Map.of("secretKeyRef", Map.of("name", "warehouse-ca", "key", "ca.crt"))));
            secret("warehouse-ca", Map.of("ca.crt", postgres.authority().pem()));
            String name = String.valueOf(
                    Samples.map(server.get("credentialsSecretRef")).get("name"));
            secret(name, Map.of("username", SYNC_USER, "password", password));
        } else {
            Map<String, Object> ref = Samples.map(
                    Samples.map(Samples.map(spec.get("source")).get("stripe")).get("apiKeySecretRef"));
            secret(String.valueOf(ref.get("name")), Map.of(String.valueOf(ref.get("key")), apiKey));
            spec.put("pollInterval", "2s");
        }
    }

    private void secret(String name, Map<String, String> values) {
        cluster.admin()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .serverSideApply();
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    KubernetesClient admin() {
        return cluster.admin();
    }

    Path kubeconfig() {
        return cluster.kubeconfig();
    }

    PostgresServer postgres() {
        return postgres;
    }

    FakeStripe stripe() {
        return stripe;
    }

    PackagedOperator operator() {
        return operator;
    }

    /** In the reverse order of the start; one that fails doesn't keep the others alive. */
    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                System.err.println("while stopping: " + e);
            }
        }
    }
}
