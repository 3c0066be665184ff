package io.sequin.testkit.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.sequin.testkit.process.OnceStarted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real kube-apiserver with etcd on 127.0.0.1: validation, defaulting, server-side apply, RBAC and an audit log of every
 * request. There is no controller-manager: namespaces are not emptied, nothing is garbage-collected, and a
 * ServiceAccount exists only where somebody creates it. It ends with the JVM at the latest. All methods may be called
 * from several threads.
 */
public final class ApiServer implements AutoCloseable {
    private static final String FIELD_MANAGER = "sequin-testkit";
    private static final Duration ESTABLISHED = Duration.ofSeconds(60);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);
    private static final OnceStarted<ApiServer> SHARED = new OnceStarted<>(ApiServer::start);

    private final ApiServerProcesses processes;
    private final String kubeconfig;
    private final KubernetesClient admin;

    private ApiServer(ApiServerProcesses processes) {
        this.processes = processes;
        this.kubeconfig = processes.adminKubeconfig();
        this.admin = new KubernetesClientBuilder().withConfig(config()).build();
    }

    /**
     * The one server that all tests of the JVM share, started by the first caller. Use namespaces of your own and don't
     * close it. The first call on a machine may take minutes, see {@link KubeBinaries}.
     *
     * @throws IllegalStateException when it can't be started; the message says what to install or where the logs are
     */
    public static ApiServer shared() {
        return SHARED.get();
    }

    /**
     * A server of your own; close it.
     *
     * @throws IllegalStateException when it can't be started; the message says what to install or where the logs are
     */
    public static ApiServer start() {
        return new ApiServer(ApiServerProcesses.start(KubeBinaries.findOrMake()));
    }

    /** A client that may do anything; don't close it. */
    public KubernetesClient admin() {
        return admin;
    }

    /** A client that acts as another user, with that user's rights only; close it. */
    public KubernetesClient as(String user, String... groups) {
        Config config = new ConfigBuilder(config())
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The URL, without a slash at its end. */
    public String url() {
        return processes.url();
    }

    /** The text of a kubeconfig file that may do anything; it refers to no other file. */
    public String kubeconfig() {
        return kubeconfig;
    }

    /**
     * The text of a kubeconfig file with a token of a ServiceAccount, valid for a day. Namespace and ServiceAccount are
     * created where missing; rights are up to you.
     */
    public String kubeconfigFor(String namespace, String serviceAccount) {
        return processes.kubeconfigText().withToken(namespace, token(namespace, serviceAccount));
    }

    /**
     * What tells a program that it runs in a pod of this cluster, with a token of a ServiceAccount as above: variables for
     * its environment. Kubernetes' own name the API server; the others are those of the client, which finds by them the
     * files that lie in a pod under {@code /var/run/secrets}.
     *
     * @param folder where these files are put
     */
    public Map<String, String> podEnvironment(String namespace, String serviceAccount, Path folder) {
        KubeConfigText config = processes.kubeconfigText();
        URI url = URI.create(config.url());
        try {
            Path token = Files.writeString(folder.resolve("token"), token(namespace, serviceAccount));
            Path authority = Files.writeString(folder.resolve("ca.crt"), config.authority());
            return Map.of(
                    "KUBERNETES_SERVICE_HOST", url.getHost(),
                    "KUBERNETES_SERVICE_PORT", String.valueOf(url.getPort()),
                    "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
                    "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", token.toString(),
                    "KUBERNETES_CERTS_CA_FILE", authority.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + folder, e);
        }
    }

    private String token(String namespace, String serviceAccount) {
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .fieldManager(FIELD_MANAGER)
                .serverSideApply();
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(serviceAccount)
                        .endMetadata()
                        .build())
                .fieldManager(FIELD_MANAGER)
                .serverSideApply();
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_LIFETIME.toSeconds())
                .endSpec()
                .build();
        return admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /**
     * Creates a fresh namespace.
     *
     * @return its name: the prefix and a random end
     */
    public String namespace(String prefix) {
        String name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /**
     * Applies every document of a file by server-side apply, in the file's order; after a CustomResourceDefinition it
     * waits until the kind is served.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the server refuses a document
     */
    public void apply(Path yaml) {
        try (InputStream text = Files.newInputStream(yaml)) {
            admin.load(text).items().forEach(this::apply);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + yaml, e);
        }
    }

    /** Server-side apply of one object, taking fields over from others where they differ. */
    public void apply(HasMetadata object) {
        admin.resource(object).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        if (object instanceof CustomResourceDefinition definition) {
            admin.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(definition.getMetadata().getName())
                    .waitUntilCondition(ApiServer::isEstablished, ESTABLISHED.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Whether the kind is served; null: there is no such definition yet. */
    public static boolean isEstablished(@Nullable CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                // the server stores null before it looks at the names
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /** Every request since the start. */
    public AuditLog auditLog() {
        return new AuditLog(processes.folder().auditLog());
    }

    /** The kubectl that came with the server. */
    public Path kubectl() {
        return processes.folder().kubectl();
    }

    /** Ends it and removes its data. */
    @Override
    public void close() {
        admin.close();
        processes.close();
    }

    /** Without a proxy, whatever the environment says: the server is on this machine. */
    private Config config() {
        return new ConfigBuilder(Config.fromKubeconfig(kubeconfig))
                .withNoProxy("127.0.0.1")
                .build();
    }
}
