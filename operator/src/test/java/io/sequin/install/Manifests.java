package io.sequin.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.stream.Stream;

/** Kubernetes objects in YAML text. */
final class Manifests {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Manifests() {}

    static List<HasMetadata> parse(String yaml) {
        return Stream.of(yaml.split("(?m)^---\\s*$"))
                .filter(text -> text.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .<HasMetadata>map(YAML::unmarshal)
                .toList();
    }

    /** Kind, slash, name. */
    static String title(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    static boolean isClusterScoped(HasMetadata object) {
        return !(object instanceof Namespaced);
    }

    static <T extends HasMetadata> T only(List<HasMetadata> objects, Class<T> type) {
        return objects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> {
                    throw new AssertionError("more than one " + type.getSimpleName());
                })
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName()));
    }
}
