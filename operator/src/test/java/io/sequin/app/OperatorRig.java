package io.sequin.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationRef;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.SequinSerialization;
import io.sequin.api.v1alpha1.StripeSource;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.app.config.HttpConfig;
import io.sequin.app.config.LeaseConfig;
import io.sequin.app.config.LogConfig;
import io.sequin.app.config.OperatorConfig;
import io.sequin.app.config.SourcesConfig;
import io.sequin.app.config.WatchConfig;
import io.sequin.operator.kube.Conditions;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.AuditEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A namespace of users and a namespace of the operator on the shared API server, or one of your own, with exactly the rights of config/rbac.
 * The operator's clients log in as its ServiceAccount.
 */
final class OperatorRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path CONFIG = Path.of("..", "config");

    final ApiServer server;
    final KubernetesClient admin;
    final String namespace;
    final String system = "sequin-" + UUID.randomUUID().toString().substring(0, 8);
    final String kubeconfig;

    OperatorRig() {
        this(ApiServer.shared());
    }

    /**
     * @param server one of your own where you change what all share, such as CRDs
     */
    OperatorRig(ApiServer server) {
        this.server = server;
        admin = ClusterClient.of(new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
                .withNoProxy("127.0.0.1")
                .build());
        namespace = server.namespace("users");
        kubeconfig = server.kubeconfigFor(system, "sequin-operator");
        yaml(CONFIG.resolve("crd")).forEach(server::apply);
        Stream.concat(yaml(CONFIG.resolve("rbac/operator")), yaml(CONFIG.resolve("rbac/namespaced")))
                .forEach(object -> {
                    if (object.getMetadata().getNamespace() == null && isNamespaced(object)) {
                        object.getMetadata().setNamespace(namespace);
                    }
                    server.apply(object);
                });
    }

    /** The packaged operator. */
    static Path jar() {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(f -> f.getFileName().toString().matches("sequin-operator-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no jar in target: run mvn package first"));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder target: run mvn package first", e);
        }
    }

    /** The operator's user in the audit log. */
    String user() {
        return "system:serviceaccount:" + system + ":sequin-operator";
    }

    OperatorApp start(RecordingBodies bodies, String instance) {
        return start((credentials, known, clock, random, recorder) -> bodies.using(credentials), instance);
    }

    OperatorApp start(LoopBodies.Maker maker, String instance) {
        return start(maker, instance, http -> {});
    }

    OperatorApp start(
            LoopBodies.Maker maker,
            String instance,
            Consumer<io.fabric8.kubernetes.client.http.HttpClient.Builder> http) {
        return start(maker, instance, kubeconfig, http);
    }

    /**
     * @param login of the operator, perhaps on a detour
     * @param http may add to what the operator's client does
     */
    OperatorApp start(
            LoopBodies.Maker maker,
            String instance,
            String login,
            Consumer<io.fabric8.kubernetes.client.http.HttpClient.Builder> http) {
        OperatorConfig config = new OperatorConfig(
                new WatchConfig(Set.of(namespace), ""),
                new LeaseConfig(system, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(1)),
                new SourcesConfig(Map.of(), 48 << 20, Map.of(), Optional.empty()),
                new HttpConfig(0),
                new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO));
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.fromKubeconfig(login))
                        .withNoProxy("127.0.0.1")
                        .build())
                .withKubernetesSerialization(SequinSerialization.create())
                .withHttpClientBuilderConsumer(http)
                .build();
        OperatorApp app = new OperatorApp(config, client, instance, maker, () -> {});
        app.start();
        return app;
    }

    void secret(String name, Map<String, String> values) {
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .createOr(existing -> existing.update());
    }

    Destination destination(String name, String secret) {
        Destination destination = new Destination();
        destination.getMetadata().setNamespace(namespace);
        destination.getMetadata().setName(name);
        destination.setSpec(new DestinationSpec(
                new PostgresSpec(
                        new CredentialsSecretRef(secret, null, null), "db.example.com", null, "app", null, null),
                "1h"));
        return admin.resource(destination).create();
    }

    Sync sync(String name, String destination) {
        Sync sync = new Sync();
        sync.getMetadata().setNamespace(namespace);
        sync.getMetadata().setName(name);
        sync.setSpec(new SyncSpec(
                new DestinationRef(destination),
                name.replace('-', '_'),
                new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key"), null, null)),
                null,
                "30s",
                null,
                null,
                null,
                null));
        return admin.resource(sync).create();
    }

    /** Changes the spec as a user would, with {@code kubectl patch --type merge}. */
    void patchSync(String name, String spec) {
        admin.resources(Sync.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    Sync sync(String name) {
        return admin.resources(Sync.class).inNamespace(namespace).withName(name).get();
    }

    Destination destination(String name) {
        return admin.resources(Destination.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** A condition of a Sync as {@code status/reason}. */
    String syncCondition(String name, String type) {
        return line(sync(name).getStatus().conditions(), type);
    }

    String destinationCondition(String name, String type) {
        return line(destination(name).getStatus().conditions(), type);
    }

    /** What the operator asked of the API server. */
    List<AuditEntry> requests() {
        return server.auditLog().entriesOf(user());
    }

    String http(OperatorApp app, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + app.httpPort() + path);
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }

    private static String line(List<Condition> conditions, String type) {
        return Conditions.find(conditions, type)
                .map(c -> c.status() + "/" + c.reason())
                .orElse("");
    }

    private static boolean isNamespaced(HasMetadata object) {
        return !object.getKind().startsWith("Cluster");
    }

    /** The objects of a folder, with the operator's namespace and cluster-wide names of this rig. */
    private Stream<HasMetadata> yaml(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> !f.endsWith("kustomization.yaml")).sorted().toList().stream()
                    .map(this::text)
                    .flatMap(text ->
                            admin
                                    .load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                                    .items()
                                    .stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(Path file) {
        try {
            return Files.readString(file)
                    .replace("sequin-system", system)
                    .replace("name: sequin-operator-cluster-id", "name: cluster-id-" + system);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
