package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.sequin.testkit.kube.ApiServer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A real list on a real API server. */
class ListPagesIT {
    private static final int OBJECTS = (int) ListPages.LIMIT + 1;

    private final ApiServer server = ApiServer.shared();
    private final String namespace = server.namespace("pages");
    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void aPageIsAskedForWhenTheOneBeforeHasBeenTakenAndAllAreOfOneMoment() {
        List<String> names = IntStream.range(0, OBJECTS)
                .mapToObj(i -> "object-%04d".formatted(i))
                .toList();
        names.forEach(this::create);
        try (KubernetesClient client = counted()) {
            Iterator<ConfigMap> read =
                    ListPages.of(client.configMaps().inNamespace(namespace)).iterator();
            List<String> found =
                    new ArrayList<>(List.of(read.next().getMetadata().getName()));
            assertThat(requests).hasValue(1);
            server.admin()
                    .configMaps()
                    .inNamespace(namespace)
                    .withName(names.getLast())
                    .delete();

            read.forEachRemaining(o -> found.add(o.getMetadata().getName()));

            assertThat(found).isEqualTo(names);
            assertThat(requests).hasValue(2);
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

    private KubernetesClient counted() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("counted", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        requests.incrementAndGet();
                    }
                }))
                .build();
    }
}
