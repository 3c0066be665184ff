package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.sequin.testkit.kube.ApiServer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A real API server's lists of metadata. */
class ServedVersionsIT {
    private final ApiServer server = ApiServer.shared();
    private final String namespace = server.namespace("versions");
    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void allPagesAreRead() {
        IntStream.range(0, 2 * ServedVersions.LIMIT + 1).forEach(i -> create("object-" + i));
        Map<String, String> whole = server.admin().configMaps().inNamespace(namespace).list().getItems().stream()
                .map(ConfigMap::getMetadata)
                .collect(Collectors.toMap(m -> m.getUid(), m -> m.getResourceVersion()));
        try (KubernetesClient client = counted(Config.fromKubeconfig(server.kubeconfig()))) {
            ServedVersions versions = new ServedVersions(client, ConfigMap.class);

            assertThat(versions.in(Optional.of(namespace))).isEqualTo(whole).hasSize(2 * ServedVersions.LIMIT + 1);
            assertThat(requests).hasValue(3);
            assertThat(versions.in(Optional.empty())).containsAllEntriesOf(whole);
        }
    }

    @Test
    void ofAKindThatHasNoObjectsThereAreNone() {
        assertThat(new ServedVersions(server.admin(), ConfigMap.class).in(Optional.of(namespace)))
                .isEmpty();
    }

    @Test
    void whatIsRefusedIsAnErrorAndNotAnEmptyList() {
        Config nobody = new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
                .withClientCertData(null)
                .withClientKeyData(null)
                .withOauthToken("of-nobody")
                .build();
        try (KubernetesClient client = counted(nobody)) {
            ServedVersions versions = new ServedVersions(client, ConfigMap.class);

            KubernetesClientException refused =
                    catchThrowableOfType(KubernetesClientException.class, () -> versions.in(Optional.of(namespace)));

            assertThat(refused.getCode()).isEqualTo(401);
            assertThat(refused).hasMessageContaining(namespace).hasMessageNotContaining("of-nobody");
        }
    }

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

    private KubernetesClient counted(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("counted", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        requests.incrementAndGet();
                    }
                }))
                .build();
    }
}
