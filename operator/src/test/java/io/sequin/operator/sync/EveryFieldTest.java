package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.destination;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sequin.api.v1alpha1.SequinSerialization;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.operator.kube.Finalizers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No field of a Sync is for show: whoever changes one changes what is decided. */
class EveryFieldTest {
    private static final KubernetesSerialization SERIALIZATION = SequinSerialization.create();

    /** Two values of each field, as JSON. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("destinationRef.name", List.of("\"warehouse\"", "\"lake\"")),
            Map.entry("schema", List.of("\"stripe\"", "\"billing\"")),
            Map.entry("source.stripe.apiKeySecretRef.name", List.of("\"stripe\"", "\"other\"")),
            Map.entry("source.stripe.apiKeySecretRef.key", List.of("\"api-key\"", "\"other\"")),
            Map.entry("source.stripe.account", List.of("\"acct_1\"", "\"acct_2\"")),
            Map.entry("source.stripe.startDate", List.of("\"2020-01-01\"", "\"2021-01-01\"")),
            Map.entry("tables.include", List.of("[\"charge\"]", "[\"charge\", \"customer\"]")),
            Map.entry("tables.exclude", List.of("[\"charge\"]", "[\"customer\"]")),
            Map.entry("pollInterval", List.of("\"10s\"", "\"20s\"")),
            Map.entry("rateLimit.requests", List.of("5", "6")),
            Map.entry("rateLimit.interval", List.of("\"1s\"", "\"2s\"")),
            Map.entry("rateLimit.maxConcurrent", List.of("1", "2")),
            Map.entry("rateLimit.quotaPercent", List.of("10", "20")),
            Map.entry("tables.newColumns", List.of("\"Add\"", "\"Ignore\"")),
            Map.entry("deletes", List.of("\"Hard\"", "\"Soft\"")),
            Map.entry("resync.token", List.of("\"a\"", "\"b\"")),
            Map.entry("resync.tables", List.of("[\"charge\"]", "[\"customer\"]")),
            Map.entry("deleteGuard.maxPercent", List.of("10", "20")),
            Map.entry("deleteGuard.confirm", List.of("\"charge-7f3a\"", "\"charge-1234\"")),
            Map.entry("suspend", List.of("true", "false")),
            Map.entry("deletionPolicy", List.of("\"Retain\"", "\"Delete\"")),
            Map.entry("deletionTimeout", List.of("\"10s\"", "\"1h\"")));

    /** All that is decided about a Sync, alive and deleted. */
    private record Decided(
            SyncDecision alive, SyncDecision lonely, DeletionDecision deleted, DeletionDecision deletedLonely) {
        static Decided about(Sync sync) {
            Sync deleted = SERIALIZATION.clone(sync);
            deleted.addFinalizer(Finalizers.DELETE_DATA);
            deleted.getMetadata().setDeletionTimestamp(T0.toString());
            return new Decided(
                    SyncDecision.of(sync, Optional.of(destination("True", 1)), "c", false),
                    SyncDecision.of(sync, Optional.empty(), "c", false),
                    DeletionDecision.of(deleted, Optional.of(destination("True", 1)), "c", Optional.empty(), T0),
                    DeletionDecision.of(deleted, Optional.empty(), "c", Optional.empty(), T0));
        }
    }

    static List<String> fields() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                EveryFieldTest.class.getResourceAsStream("/crds/sequin.io_syncs.yaml"), "the CRD in the crds module")) {
            CustomResourceDefinition crd = SERIALIZATION.unmarshal(in, CustomResourceDefinition.class);
            List<String> leaves = new ArrayList<>();
            collect("", crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), leaves);
            return leaves.stream()
                    .filter(path -> path.startsWith("spec."))
                    .map(path -> path.substring("spec.".length()))
                    .toList();
        }
    }

    private static void collect(String prefix, JSONSchemaProps schema, List<String> leaves) {
        schema.getProperties().forEach((name, field) -> {
            if (field.getProperties().isEmpty()) {
                leaves.add(prefix + name);
            } else {
                collect(prefix + name + ".", field, leaves);
            }
        });
    }

    @Test
    void everyFieldOfTheCrdHasValuesHere() throws IOException {
        assertThat(VALUES.keySet()).containsExactlyInAnyOrderElementsOf(fields());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void whoChangesItChangesWhatIsDecided(String field) {
        List<String> values = Objects.requireNonNull(VALUES.get(field), "values for " + field);
        assertThat(Decided.about(with(field, values.getFirst())))
                .isNotEqualTo(Decided.about(with(field, values.getLast())))
                .isEqualTo(Decided.about(with(field, values.getFirst())));
    }

    private static Sync with(String path, String value) {
        Sync base = SyncSamples.sync(null);
        ObjectNode json = SERIALIZATION.convertValue(base, ObjectNode.class);
        ObjectNode at = (ObjectNode) json.get("spec");
        at.put("deletionPolicy", "Delete");
        if (path.equals("rateLimit.interval")) {
            at.putObject("rateLimit").put("requests", 5);
        }
        if (path.equals("resync.tables")) {
            at.putObject("resync").put("token", "a");
        }
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            at = at.withObject("/" + names[i]);
        }
        at.set(names[names.length - 1], SERIALIZATION.unmarshal(value, JsonNode.class));
        return SERIALIZATION.convertValue(json, Sync.class);
    }
}
