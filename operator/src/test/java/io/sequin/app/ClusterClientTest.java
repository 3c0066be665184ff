package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.sequin.network.http.Proxies;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the API server is reached where sources have a proxy. */
class ClusterClientTest {
    private static final Map<String, String> PROXY = Map.of("HTTPS_PROXY", "http://user:secret@proxy.example.com");

    private static Config config(String url) {
        return new ConfigBuilder()
                .withAutoConfigure(false)
                .withMasterUrl(url)
                // what the client itself makes of the variables
                .withHttpsProxy("http://user:secret@proxy.example.com")
                .withNoProxy("*")
                .build();
    }

    private static @Nullable String proxy(Config config, boolean inPod, Map<String, String> environment) {
        Config routed = ClusterClient.route(config, inPod, Proxies.of(environment));
        assertThat(routed.getNoProxy()).isNull();
        assertThat(routed.getHttpProxy()).isIn(routed.getHttpsProxy(), null);
        return routed.getHttpsProxy();
    }

    @Test
    void aPodAsksTheApiServerDirectly() {
        assertThat(proxy(config("https://10.96.0.1:443"), true, PROXY)).isNull();
    }

    @Test
    void aKubeconfigsServerIsAskedThroughTheProxyOfTheEnvironment() {
        Config config = config("https://kube.example.net:6443");
        assertThat(proxy(config, false, PROXY)).isEqualTo("http://proxy.example.com:80");
        assertThat(config.getProxyUsername()).isEqualTo("user");
        assertThat(config.getProxyPassword()).isEqualTo("secret");
    }

    @Test
    void butNotWhereNoProxyNamesIt() {
        Map<String, String> excepted = Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", "example.net");
        assertThat(proxy(config("https://kube.example.net:6443"), false, excepted))
                .isNull();
        assertThat(proxy(config("https://127.0.0.1:6443"), false, PROXY)).isNull();
    }

    @Test
    void theProxyOfAKubeconfigStaysWhereTheEnvironmentHasNone() {
        Config config = config("https://kube.example.net:6443");
        config.setHttpsProxy("http://of-the-kubeconfig:3128");
        assertThat(proxy(config, false, Map.of())).isEqualTo("http://of-the-kubeconfig:3128");
    }
}
