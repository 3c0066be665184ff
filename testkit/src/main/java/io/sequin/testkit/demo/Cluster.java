package io.sequin.testkit.demo;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.sequin.testkit.kube.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/** The API server of the demo: a local one, or the user's own cluster. */
final class Cluster implements AutoCloseable {
    private final KubernetesClient admin;
    private final Path kubeconfig;
    private final Runnable owned;

    private final BiFunction<String, String, String> tokens;

    private Cluster(
            KubernetesClient admin, Path kubeconfig, Runnable owned, BiFunction<String, String, String> tokens) {
        this.admin = admin;
        this.kubeconfig = kubeconfig;
        this.owned = owned;
        this.tokens = tokens;
    }

    static Cluster open(Optional<Path> own, Path scratch) throws IOException {
        if (own.isPresent()) {
            Config config = Config.fromKubeconfig(own.get().toFile());
            KubernetesClient client =
                    new KubernetesClientBuilder().withConfig(config).build();
            return new Cluster(client, own.get(), client::close, new ForeignTokens(client, own.get()));
        }
        ApiServer server = ApiServer.start();
        Path file = scratch.resolve("kubeconfig");
        Files.writeString(file, server.kubeconfig());
        return new Cluster(server.admin(), file, server::close, server::kubeconfigFor);
    }

    KubernetesClient admin() {
        return admin;
    }

    /** A file that gives a person the rights of the demo itself. */
    Path kubeconfig() {
        return kubeconfig;
    }

    /** Text of a kubeconfig with a token of this ServiceAccount. */
    String kubeconfigFor(String namespace, String serviceAccount) {
        return tokens.apply(namespace, serviceAccount);
    }

    @Override
    public void close() {
        owned.run();
    }
}
