package io.sequin.testkit.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Runs the operator of an image once through its life, against a real API server, a real Postgres and a stand-in for
 * Stripe, so that its JVM records the AOT cache: from the start as in a pod to live rows, a few changes, and the end by
 * SIGTERM. With a kubeconfig the client loads the 600 classes of all kinds of Kubernetes to read it.
 */
final class Training {
    private static final String NAMESPACE = "sequin-training";
    private static final String USER = "training";
    private static final String PASSWORD = "of-the-training-run";
    private static final String API_KEY = "rk_test_oftheTrainingRun0";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Training() {}

    /**
     * Writes {@link ImageFiles#cache()}.
     *
     * @param more options of the JVM for this run, an argument file
     * @param config the project's {@code config} folder
     * @throws IllegalStateException when the run fails, with the operator's last lines
     */
    static void record(ImageFiles image, Path more, Path config)
            throws IOException, InterruptedException, SQLException {
        try (ApiServer server = ApiServer.start();
                PostgresServer postgres = PostgresServer.start(18);
                FakeStripe stripe = FakeStripe.start()) {
            stripe.keys().add(ApiKey.secret(API_KEY, FakeStripe.ACCOUNT));
            stripe.data().seed(1, 800, 50, 1_200);
            prepare(postgres);
            Installation installation = new Installation(server.admin(), config);
            installation.crds();
            server.apply(namespace());
            String account = installation.rights(NAMESPACE);
            Path scratch = Folders.temporary("sequin-training");
            JavaProcess.Command command = command(image, more, scratch, stripe)
                    .withEnvironment(server.podEnvironment(NAMESPACE, account, scratch));
            try (JavaProcess operator = JavaProcess.start(command, scratch.resolve("operator.log"))) {
                apply(server.admin(), postgres);
                await(server.admin(), operator);
                stripe.data().churn(new Random(2), 20);
                linger(operator);
                end(operator, image);
            }
        }
    }

    private static Namespace namespace() {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build();
    }

    private static void prepare(PostgresServer postgres) throws SQLException {
        postgres.createRole(USER, PASSWORD);
        try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute("create database training owner " + USER);
        }
    }

    /** The image's own command line, but for the cache, which is written here and read there. */
    private static JavaProcess.Command command(ImageFiles image, Path more, Path scratch, FakeStripe stripe)
            throws IOException {
        Path options = Files.write(
                scratch.resolve("jvm.options"),
                Files.readAllLines(image.options()).stream()
                        .filter(line -> !line.startsWith("-XX:AOTCache="))
                        .toList());
        return JavaProcess.Command.ofJar(image.jar())
                .withJava(image.java())
                .withJvmOptions("@" + options, "@" + more.toAbsolutePath(), "-XX:AOTCacheOutput=" + image.cache())
                .withArguments(
                        "--namespaces=" + NAMESPACE,
                        "--lease-namespace=" + NAMESPACE,
                        "--cluster-id=training",
                        "--http-port=0",
                        "--source-endpoint=stripe=" + stripe.baseUri());
    }

    private static void apply(KubernetesClient admin, PostgresServer postgres) {
        secret(admin, "db", Map.of("username", USER, "password", PASSWORD));
        secret(admin, "ca", Map.of("ca.crt", postgres.authority().pem()));
        secret(admin, "stripe", Map.of("api-key", API_KEY));
        object(admin, "Destination", """
                {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "%s", "port": %d, "database": "training",
                 "tls": {"caFrom": {"secretKeyRef": {"name": "ca", "key": "ca.crt"}}}}, "verifyInterval": "10s"}
                """.formatted(postgres.host(), postgres.port()));
        object(admin, "Sync", """
                {"destinationRef": {"name": "training"}, "schema": "stripe", "pollInterval": "1s",
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""");
    }

    private static void object(KubernetesClient admin, String kind, String spec) {
        admin.resource("""
                {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                 "metadata": {"name": "training", "namespace": "%s"}, "spec": %s}""".formatted(kind, NAMESPACE, spec)).serverSideApply();
    }

    private static void secret(KubernetesClient admin, String name, Map<String, String> values) {
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .serverSideApply();
    }

    private static void await(KubernetesClient admin, JavaProcess operator) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!complete(admin)) {
            if (!operator.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the training run did not get to a complete backfill:\n"
                        + String.join("\n", operator.tail(30)));
            }
            Thread.sleep(200);
        }
    }

    private static boolean complete(KubernetesClient admin) {
        GenericKubernetesResource sync = Installation.read(admin, "Sync", NAMESPACE, "training");
        JsonNode conditions = JSON.valueToTree(sync.getAdditionalProperties()).at("/status/conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals("BackfillComplete")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** A few polls, so that the changes come by. */
    private static void linger(JavaProcess operator) throws InterruptedException {
        operator.waitFor(Duration.ofSeconds(4));
    }

    /** The JVM writes the cache when it ends, which takes a few seconds. */
    private static void end(JavaProcess operator, ImageFiles image) throws InterruptedException {
        operator.terminate();
        OptionalInt code = operator.waitFor(PATIENCE);
        if (code.orElse(-1) != 0 || Files.notExists(image.cache())) {
            throw new IllegalStateException("the training run ended with " + code + " and "
                    + (Files.exists(image.cache()) ? "an" : "no") + " AOT cache:\n"
                    + String.join("\n", operator.tail(30)));
        }
    }
}
