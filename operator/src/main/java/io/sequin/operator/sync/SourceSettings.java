package io.sequin.operator.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.data.CredentialRef;
import io.sequin.data.SourceConfig;
import io.sequin.operator.kube.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns the one member of {@code spec.source} into a {@link SourceConfig}, whatever its kind: a new source needs no
 * line here. A field with a name and a key is a reference to a Secret and goes to the credentials by its path, such as
 * {@code apiKeySecretRef}; the rest are the settings.
 */
final class SourceSettings {
    private static final ObjectMapper JSON =
            new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

    private SourceSettings() {}

    static Reading<SourceConfig> of(Sync sync) {
        return of(sync.getMetadata().getNamespace(), sync.getSpec().source());
    }

    /** The member's name, such as {@code stripe}; empty where this version knows none. */
    static String kind(Sync sync) {
        return of(sync) instanceof Reading.Valid<SourceConfig> valid
                ? valid.value().kind()
                : "";
    }

    static Reading<SourceConfig> of(String namespace, SyncSource source) {
        JsonNode union = JSON.valueToTree(source);
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(union.properties());
        if (members.size() != 1 || !(members.getFirst().getValue() instanceof ObjectNode member)) {
            return Reading.invalid("spec.source has none of the kinds that this version of the operator knows:"
                    + " set exactly one, or update the operator");
        }
        Map<String, CredentialRef> credentials = new LinkedHashMap<>();
        ObjectNode settings = separate(namespace, "", member, credentials);
        return new Reading.Valid<>(new SourceConfig(members.getFirst().getKey(), settings.toString(), credentials));
    }

    /** The object without its references, with its fields in order of name, so that equal settings have equal text. */
    private static ObjectNode separate(
            String namespace, String path, ObjectNode from, Map<String, CredentialRef> credentials) {
        ObjectNode rest = JSON.createObjectNode();
        Map<String, JsonNode> fields = new TreeMap<>();
        from.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        fields.forEach((name, value) -> {
            if (!(value instanceof ObjectNode object)) {
                rest.set(name, value);
            } else if (isReference(object)) {
                credentials.put(
                        path + name,
                        new CredentialRef(
                                namespace,
                                object.get("name").asText(),
                                object.get("key").asText()));
            } else {
                rest.set(name, separate(namespace, path + name + ".", object, credentials));
            }
        });
        return rest;
    }

    private static boolean isReference(ObjectNode object) {
        return object.size() == 2
                && object.path("name").isTextual()
                && object.path("key").isTextual();
    }
}
