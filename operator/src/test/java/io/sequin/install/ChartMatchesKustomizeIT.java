package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sequin.testkit.kube.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** helm and kustomize install the same. */
class ChartMatchesKustomizeIT {
    /** What only helm has a use for. */
    private static final Set<String> OF_HELM = Set.of(
            "helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version", "helm.sh/resource-policy");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, SerializationFeature.INDENT_OUTPUT)
            .build();

    @Test
    void theDefaultsOfTheChartAreConfigDefault() {
        assertSame(chart(), kustomize("config/default").filter(object -> !(object instanceof Namespace)));
    }

    @Test
    void theChartsRightsInANamespaceAreThoseOfConfigRbac() {
        Predicate<HasMetadata> isRight =
                object -> object.getKind().contains("Role") || object.getKind().equals("ServiceAccount");
        Stream<HasMetadata> namespaced = kustomize("config/rbac/namespaced").map(object -> {
            object.getMetadata().setNamespace("team-a");
            return object;
        });

        assertSame(
                chart("--set=watchNamespaces={team-a}").filter(isRight).map(this::withoutLabels),
                Stream.concat(kustomize("config/rbac/operator"), namespaced));
    }

    private static void assertSame(Stream<HasMetadata> chart, Stream<HasMetadata> kustomize) {
        Map<String, String> ofChart = normalised(chart);
        Map<String, String> ofKustomize = normalised(kustomize);
        assertThat(ofChart.keySet()).isNotEmpty().isEqualTo(ofKustomize.keySet());
        ofChart.forEach((title, text) -> assertThat(text).as(title).isEqualTo(ofKustomize.get(title)));
    }

    private static Stream<HasMetadata> chart(String... more) {
        return Manifests.parse(Command.template("sequin-operator", "sequin-system", more)).stream();
    }

    private static Stream<HasMetadata> kustomize(String folder) {
        return Manifests.parse(
                Command.kubectl(ApiServer.shared(), "kustomize", folder).ok())
                .stream();
    }

    private HasMetadata withoutLabels(HasMetadata object) {
        object.getMetadata().setLabels(Map.of());
        return object;
    }

    /** By title, as text, so that a difference shows. */
    private static Map<String, String> normalised(Stream<HasMetadata> objects) {
        List<HasMetadata> all = objects.toList();
        all.forEach(object -> {
            ObjectMeta metadata = object.getMetadata();
            metadata.setLabels(without(metadata.getLabels()));
            metadata.setAnnotations(without(metadata.getAnnotations()));
        });
        return all.stream()
                .collect(Collectors.toMap(
                        Manifests::title,
                        ChartMatchesKustomizeIT::text,
                        (first, second) -> {
                            throw new AssertionError("one name twice: " + first);
                        },
                        TreeMap::new));
    }

    private static String text(HasMetadata object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> without(Map<String, String> all) {
        Map<String, String> kept = new TreeMap<>(all == null ? Map.of() : all);
        kept.keySet().removeAll(OF_HELM);
        return kept;
    }
}
