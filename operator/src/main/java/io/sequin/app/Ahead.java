package io.sequin.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start needs whatever its flags say, made by threads of its own while the command line is read, which takes as
 * long: the JDK's authorities, the Kubernetes client, and its connection to the API server. Who needs one of them waits
 * for it, and is told what is wrong.
 */
final class Ahead {
    private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

    private final CompletableFuture<KubernetesClient> client = new CompletableFuture<>();

    private Ahead() {}

    /** Begins. */
    static Ahead start(Map<String, String> environment) {
        HttpConnections.prepare();
        Ahead ahead = new Ahead();
        Thread.ofPlatform().daemon().name("authorities").start(Ahead::readAuthorities);
        Thread.ofPlatform().daemon().name("connect").start(() -> ahead.connect(environment));
        return ahead;
    }

    private static void readAuthorities() {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            LOG.debug("the JDK's authorities could not be read ahead", e);
        }
    }

    private void connect(Map<String, String> environment) {
        try {
            client.complete(ClusterClient.fromEnvironment(Proxies.of(environment)));
        } catch (RuntimeException e) {
            client.completeExceptionally(e);
            return;
        }
        try {
            client.join().getKubernetesVersion();
        } catch (RuntimeException e) {
            LOG.debug("the API server was not reached ahead of its first use", e);
        }
    }

    /**
     * The client for the cluster that the environment names.
     *
     * @throws RuntimeException what making it threw
     */
    KubernetesClient client() {
        try {
            return client.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : e;
        }
    }
}
