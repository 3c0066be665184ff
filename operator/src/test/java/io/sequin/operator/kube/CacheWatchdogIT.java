package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sequin.ManualClock;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.proxy.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A real informer on a real API server, which is stopped behind our back. */
class CacheWatchdogIT {
    private final ApiServer server = ApiServer.shared();
    private final String namespace = server.namespace("watchdog");
    private final ManualClock clock = new ManualClock();
    private final AtomicInteger stopped = new AtomicInteger();
    private final CacheWatchdog watchdog = new CacheWatchdog(stopped::incrementAndGet, clock);

    private void create(String name) {
        server.admin()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private void patiencePasses() {
        watchdog.check();
        clock.advance(CacheLag.PATIENCE);
        watchdog.check();
    }

    @Test
    void anInformerThatStoppedIsNoticedAndAnApiServerThatIsGoneIsNot() throws Exception {
        URI url = URI.create(server.url());
        try (FaultProxy proxy = FaultProxy.to(url.getHost(), url.getPort());
                KubernetesClient client = client(proxy);
                SharedIndexInformer<ConfigMap> informer =
                        client.configMaps().inNamespace(namespace).inform()) {
            watchdog.add(
                    "ConfigMap",
                    Set.of(namespace),
                    new ServedVersions(client, ConfigMap.class)::in,
                    () -> informer.getStore().list().stream());
            create("seen");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> informer.getStore().list().size() == 1);
            patiencePasses();
            assertThat(stopped).hasValue(0);

            informer.stop();
            create("missed");
            proxy.refuse();
            proxy.cutAll();
            patiencePasses();
            assertThat(stopped).as("an outage says nothing").hasValue(0);

            proxy.heal();
            patiencePasses();
            assertThat(stopped).hasValue(1);
        }
    }

    private KubernetesClient client(FaultProxy proxy) {
        Config config = new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
                .withMasterUrl("https://127.0.0.1:" + proxy.port())
                .withNoProxy("127.0.0.1")
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
