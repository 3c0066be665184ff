package io.sequin.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrdIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.withNamespace("crd");
    }

    @Test
    void anObjectIsBornWithReadyUnknown() {
        HasMetadata destination = cluster.create(cluster.parse(Manifests.destination("born")));
        HasMetadata sync = cluster.create(cluster.parse(Manifests.sync("born")));

        assertThat(List.of(destination, sync, cluster.get("Destination", "born"), cluster.get("Sync", "born")))
                .allSatisfy(object -> {
                    List<Map<String, Object>> conditions = conditions(object);
                    assertThat(conditions).hasSize(1);
                    assertThat(conditions.getFirst())
                            .containsEntry("type", "Ready")
                            .containsEntry("status", "Unknown")
                            .containsEntry("reason", "Pending")
                            .containsEntry("lastTransitionTime", "1970-01-01T00:00:00Z");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Destination", "Sync"})
    void anUpsertWithoutSpecDoesNotBringADeletedObjectBack(String kind) {
        HasMetadata onlyAFinalizer = cluster.parse("""
                apiVersion: sequin.io/v1alpha1
                kind: %s
                metadata: {name: deleted, finalizers: [sequin.io/cleanup]}
                """.formatted(kind));

        assertThatThrownBy(() -> apply(onlyAFinalizer, "operator"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec: Required value");
    }

    @ParameterizedTest
    @CsvSource({"2020-01-31, 2020-01-30", "2020-01-31,", "2019-12-31, 2020-01-31"})
    void aStartDateMayMoveToAnyDayAndGo(String from, @Nullable String to) {
        apply(cluster.parse(started("from-" + from, from)), "user");

        apply(cluster.parse(started("from-" + from, to)), "user");

        assertThat(Optional.ofNullable(
                        cluster.get("Sync", "from-" + from).<String>get("spec", "source", "stripe", "startDate")))
                .isEqualTo(Optional.ofNullable(to));
    }

    @Test
    void aStartDateMayMoveToALaterDay() {
        apply(cluster.parse(started("later", null)), "user");
        apply(cluster.parse(started("later", "2020-01-01")), "user");
        apply(cluster.parse(started("later", "2020-01-02")), "user");

        assertThat(cluster.get("Sync", "later").getAdditionalProperties().toString())
                .contains("2020-01-02");
    }

    private static String started(String name, @Nullable String date) {
        return """
                apiVersion: sequin.io/v1alpha1
                kind: Sync
                metadata: {name: "%s"}
                spec:
                  destinationRef: {name: warehouse}
                  schema: "%s"
                  source: {stripe: {apiKeySecretRef: {name: stripe, key: api-key}%s}}
                """.formatted(name, name, date == null ? "" : ", startDate: \"" + date + "\"");
    }

    @Test
    void aStatusWithOddValuesIsAccepted() {
        cluster.create(cluster.parse(Manifests.sync("odd")));

        applyStatus("operator", """
                apiVersion: sequin.io/v1alpha1
                kind: Sync
                metadata: {name: odd}
                status:
                  observedGeneration: -7
                  schema: ""
                  source: {type: "made up", account: ""}
                  tablesTotal: -1
                  tablesLive: many
                  rows: 9223372036854775807
                  tables:
                  - {name: customer, state: half live, backfillPercent: 250, rows: -3, message: "%s"}
                  - {}
                  - {name: customer}
                  conditions:
                  - {type: "", status: Perhaps, reason: "not one word"}
                  - {type: Ready, observedGeneration: 0, message: ""}
                """.formatted("x".repeat(100_000)));

        assertThat(conditions(cluster.get("Sync", "odd")))
                .extracting(condition -> condition.get("status"))
                .contains("Perhaps");
    }

    @Test
    void aForeignConditionSurvivesTheOperatorsWrite() {
        cluster.create(cluster.parse(Manifests.destination("shared")));
        String foreign = """
                apiVersion: sequin.io/v1alpha1
                kind: Destination
                metadata: {name: shared}
                status:
                  conditions: [{type: Audited, status: "True", reason: Checked}]
                """;
        String ours = """
                apiVersion: sequin.io/v1alpha1
                kind: Destination
                metadata: {name: shared}
                status:
                  conditions: [{type: Ready, status: "True", reason: Verified, message: ""}]
                """;

        applyStatus("auditor", foreign);
        applyStatus("operator", ours);

        assertThat(conditions(cluster.get("Destination", "shared")))
                .extracting(condition -> condition.get("type") + "=" + condition.get("reason"))
                .containsExactlyInAnyOrder("Audited=Checked", "Ready=Verified");
    }

    @Test
    void aWriteOfTheStatusDoesNotTouchTheSpec() {
        HasMetadata created = cluster.create(cluster.parse(Manifests.sync("split")));

        applyStatus("operator", Manifests.sync("split", "pollInterval", "5m") + "status: {rows: 5}\n");

        GenericKubernetesResource now = cluster.get("Sync", "split");
        assertThat(now.<Object>get("spec", "pollInterval")).isEqualTo("30s");
        assertThat(now.<Object>get("status", "rows")).isEqualTo(5);
        assertThat(now.getMetadata().getGeneration())
                .isEqualTo(created.getMetadata().getGeneration());
    }

    @Test
    void theServerAddsNoDefaultsToASpec() {
        HasMetadata created = cluster.create(cluster.parse("""
                apiVersion: sequin.io/v1alpha1
                kind: Destination
                metadata: {name: bare}
                spec: {postgres: {credentialsSecretRef: {name: s}, host: db, database: app}}
                """));

        assertThat(Serialization.asJson(((GenericKubernetesResource) created).get("spec")))
                .isEqualTo(
                        "{\"postgres\":{\"credentialsSecretRef\":{\"name\":\"s\"},\"database\":\"app\",\"host\":\"db\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Destination", "Sync"})
    void kubectlExplainHasADescriptionForEveryField(String kind) {
        // published a moment after the CRD
        JsonNode schema = await().atMost(SOON).until(() -> published(kind), node -> !node.isMissingNode());

        List<String> without = new ArrayList<>();
        collectUndescribed("", schema, without);

        assertThat(schema.at("/properties/spec/properties").isObject()).isTrue();
        assertThat(without).isEmpty();
    }

    private static JsonNode published(String kind) throws IOException {
        String text = cluster.client().raw("/openapi/v3/apis/sequin.io/v1alpha1");
        return new ObjectMapper().readTree(text).at("/components/schemas/io.sequin.v1alpha1." + kind);
    }

    private static void collectUndescribed(String path, JsonNode schema, List<String> without) {
        schema.path("properties").properties().forEach(property -> {
            String at = path + "." + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                without.add(at);
            }
            collectUndescribed(at, property.getValue(), without);
            collectUndescribed(at, property.getValue().path("items"), without);
        });
    }

    private static void apply(HasMetadata object, String manager) {
        cluster.client()
                .resource(object)
                .inNamespace(cluster.namespace())
                .fieldManager(manager)
                .forceConflicts()
                .serverSideApply();
    }

    private static void applyStatus(String manager, String yaml) {
        cluster.client()
                .resource(cluster.parse(yaml))
                .inNamespace(cluster.namespace())
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(manager)
                        .withForce(true)
                        .build());
    }

    private static List<Map<String, Object>> conditions(HasMetadata object) {
        return ((GenericKubernetesResource) object).get("status", "conditions");
    }
}
