package io.sequin.operator.destination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.SequinSerialization;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.SpecLeaves;
import io.sequin.verify.DestinationPlan;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A field is in the API only if something reacts to it: each one changed gives another plan, and another plan another
 * loop. A field without a line here fails.
 */
class DestinationFieldsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Another value for each field, in JSON. */
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("postgres.credentialsSecretRef.name", "'other'"),
            Map.entry("postgres.credentialsSecretRef.usernameKey", "'user'"),
            Map.entry("postgres.credentialsSecretRef.passwordKey", "'pass'"),
            Map.entry("postgres.host", "'other.example.com'"),
            Map.entry("postgres.port", "6432"),
            Map.entry("postgres.database", "'other'"),
            Map.entry("postgres.tls.mode", "'require'"),
            Map.entry("postgres.tls.caFrom.secretKeyRef.name", "'other'"),
            Map.entry("postgres.tls.caFrom.secretKeyRef.key", "'other.crt'"),
            Map.entry("postgres.tls.caFrom.configMapKeyRef.name", "'other'"),
            Map.entry("postgres.tls.caFrom.configMapKeyRef.key", "'other.crt'"),
            Map.entry("postgres.maxConnections", "20"),
            Map.entry("verifyInterval", "'5m'"));

    static Set<String> fields() {
        return SpecLeaves.of(DestinationSpec.class);
    }

    @Test
    void everyFieldIsTried() {
        assertThat(CHANGES.keySet()).containsExactlyInAnyOrderElementsOf(fields());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aChangedFieldChangesThePlan(String field) throws Exception {
        ObjectNode before = manifest(field.contains("configMapKeyRef") ? "configMapKeyRef" : "secretKeyRef");
        ObjectNode after = before.deepCopy();
        JsonPointer path = JsonPointer.compile("/spec/" + field.replace('.', '/'));
        ((ObjectNode) after.at(path.head()))
                .set(path.last().getMatchingProperty(), json(String.valueOf(CHANGES.get(field))));

        assertThat(plan(after)).isNotEqualTo(plan(before));
    }

    private static ObjectNode manifest(String authorities) throws Exception {
        return (ObjectNode) json("""
                {'apiVersion': 'sequin.io/v1alpha1', 'kind': 'Destination',
                 'metadata': {'namespace': 'team', 'name': 'warehouse'},
                 'spec': {'verifyInterval': '60s', 'postgres': {
                   'credentialsSecretRef': {'name': 'db', 'usernameKey': 'username', 'passwordKey': 'password'},
                   'host': 'db.example.com', 'port': 5432, 'database': 'app', 'maxConnections': 5,
                   'tls': {'mode': 'verify-full', 'caFrom': {'%s': {'name': 'ca', 'key': 'ca.crt'}}}}}}
                """.formatted(authorities));
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static DestinationPlan plan(JsonNode manifest) {
        Destination destination = SequinSerialization.create().unmarshal(manifest.toString(), Destination.class);
        Reading<DestinationPlan> plan = DestinationPlans.of(destination);
        assertThat(plan).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid<DestinationPlan>) plan).value();
    }
}
