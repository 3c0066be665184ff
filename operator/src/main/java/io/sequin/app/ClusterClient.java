package io.sequin.app;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sequin.api.v1alpha1.SequinSerialization;
import io.sequin.app.config.ConfigException;
import io.sequin.network.http.Proxies;
import java.net.HttpURLConnection;
import java.net.URI;

/** The client of the Kubernetes API, found as usual: KUBECONFIG, or the pod's ServiceAccount. */
public final class ClusterClient {
    /** First wait before a broken watch is made anew; doubles five times: a change is seen after 8 s at most. */
    private static final int WATCH_RECONNECT_MILLIS = 250;
    /** Tries of one request that fails by the server's fault; longer outages are the reconciler's to bear. */
    private static final int REQUEST_RETRIES = 3;

    private ClusterClient() {}

    /**
     * A client for the cluster that the environment names.
     *
     * @param proxies of the environment
     */
    public static KubernetesClient fromEnvironment(Proxies proxies) {
        Config config = Config.autoConfigure(null);
        return of(route(config, config.getFile() == null, proxies));
    }

    /**
     * Decides how the API server is reached, in place of the client, which takes a pod's variables for the API server
     * too, and fails at a proxy without a port or at {@code NO_PROXY=*}. In a pod it is asked directly; with a
     * kubeconfig by the same rules as sources, as kubectl does.
     *
     * @param inPod there is no kubeconfig
     */
    static Config route(Config config, boolean inPod, Proxies proxies) {
        config.setNoProxy(null);
        if (inPod || !proxies.isEmpty()) {
            config.setHttpProxy(null);
            config.setHttpsProxy(null);
        }
        if (!inPod) {
            proxies.of(URI.create(config.getMasterUrl())).ifPresent(proxy -> {
                config.setHttpProxy("http://" + proxy.address());
                config.setHttpsProxy("http://" + proxy.address());
                proxy.user().ifPresent(user -> {
                    config.setProxyUsername(user);
                    config.setProxyPassword(proxy.password().reveal());
                });
            });
        }
        return config;
    }

    /** A client with this configuration, to which the operator's own settings are added. */
    public static KubernetesClient of(Config config) {
        config.setWatchReconnectInterval(WATCH_RECONNECT_MILLIS);
        config.setRequestRetryBackoffLimit(REQUEST_RETRIES);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(SequinSerialization.create())
                .build();
    }

    /**
     * What tells this cluster from others: the uid of namespace {@code kube-system}, by convention.
     *
     * @throws ConfigException where it can't be read and must be set
     */
    static String clusterId(KubernetesClient client) {
        try {
            Namespace namespace = client.namespaces().withName("kube-system").get();
            if (namespace != null) {
                return namespace.getMetadata().getUid();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            throw new ConfigException("--cluster-id is not set, and namespace kube-system, whose uid would stand for"
                    + " it, may not be read: set it, or apply config/rbac/operator");
        }
        throw new ConfigException("--cluster-id is not set, and there is no namespace kube-system whose uid would stand"
                + " for it: set it");
    }
}
