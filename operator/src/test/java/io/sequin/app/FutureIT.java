package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.testkit.kube.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Objects that a later version of the API let in: unknown values and fields, in spec and status. */
class FutureIT {
    private static final RecordingBodies BODIES = new RecordingBodies();
    private static ApiServer server;
    private static OperatorRig rig;
    private static OperatorApp app;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        rig = new OperatorRig(server);
        rig.secret("stripe", Map.of("api-key", "sk_test"));
        rig.secret("db", Map.of("username", "sequin", "password", "p"));
        app = rig.start(BODIES, "instance-1");
    }

    @AfterAll
    static void stop() {
        app.close();
        rig.close();
        server.close();
    }

    @Test
    void aValueThatCanNotBeFollowedIsToldAndStopsNobody() {
        create("Destination", "future", """
                {"postgres": {"credentialsSecretRef": {"name": "db", "vault": "x"}, "host": "db", "database": "app",
                 "tls": {"mode": "verify-twice"}}, "mirror": {"to": "mars"}}""");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(rig.destinationCondition("future", "Stalled"))
                        .isEqualTo("True/InvalidSpec"));
        rig.destination("present", "db");
        rig.sync("present", "present");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(
                        () -> assertThat(rig.syncCondition("present", "Ready")).isEqualTo("True/Live"));
        assertThat(rig.http(app, "/readyz")).startsWith("200");
    }

    @Test
    void aSyncKeepsWorkingWithWhatIsKnownAndItsDataIsKept() {
        rig.destination("later", "db");
        GenericKubernetesResource sync = create("Sync", "later", """
                {"destinationRef": {"name": "later"}, "schema": "later", "deletionPolicy": "Archive", "archive": {"to": "s3"},
                 "tables": {"include": ["customer", "product", "charge"]},
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}, "mode": "live"}}}""");
        rig.admin
                .resource(sync)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\": {\"mood\": {\"is\": \"good\"}, \"tables\": [{\"name\": \"charge\", \"state\": \"Dreaming\","
                                + " \"colour\": \"blue\"}], \"conditions\": [{\"type\": \"Ready\", \"status\": \"Perhaps\","
                                + " \"severity\": 3}]}}");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(
                        () -> assertThat(rig.syncCondition("later", "Ready")).isEqualTo("True/Live"));
        assertThat(rig.sync("later").getMetadata().getFinalizers()).isEmpty();
        GenericKubernetesResource now = rig.admin.resource(sync).get();
        assertThat(now.<Object>get("spec", "archive", "to")).isEqualTo("s3");
        assertThat(now.<Object>get("spec", "deletionPolicy")).isEqualTo("Archive");
        rig.admin.resource(sync).delete();
        await().atMost(OperatorRig.PATIENCE).until(() -> rig.sync("later") == null);
    }

    @Test
    void theCrdsMayBeUpgradedWhileTheOperatorRuns() {
        for (int upgrade = 0; upgrade < 3; upgrade++) {
            String name = "upgrade-" + upgrade;
            crd("destinations", schema -> schema.setDescription(name));
            crd("syncs", schema -> schema.setDescription(name));
            // all requests of its kind are refused for a moment
            await().atMost(OperatorRig.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> rig.destination(name, "db"), Objects::nonNull);
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(rig.destinationCondition(name, "Ready")).isEqualTo("True/Verified"));
        }
    }

    private static GenericKubernetesResource create(String kind, String name, String spec) {
        GenericKubernetesResource object = rig.admin
                .getKubernetesSerialization()
                .unmarshal("""
                {"apiVersion": "sequin.io/v1alpha1", "kind": "%s", "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, name, rig.namespace, spec), GenericKubernetesResource.class);
        // the later CRD is in force a moment after it was taken
        return await().atMost(OperatorRig.PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            laterCrd("destinations", "verify-twice", "postgres", "tls", "mode");
                            laterCrd("syncs", "Archive", "deletionPolicy");
                            return rig.admin.resource(object).create();
                        },
                        Objects::nonNull);
    }

    /** The CRD of a later version: takes one more value in that field of spec, and fields that this one does not know. */
    private static void laterCrd(String plural, String value, String... path) {
        crd(plural, root -> {
            JSONSchemaProps at = Objects.requireNonNull(root.getProperties().get("spec"));
            preserve(at);
            preserve(Objects.requireNonNull(root.getProperties().get("status")));
            for (String property : path) {
                at = Objects.requireNonNull(at.getProperties().get(property), property);
            }
            if (!at.getEnum().contains(TextNode.valueOf(value))) {
                at.getEnum().add(TextNode.valueOf(value));
            }
        });
    }

    private static void crd(String plural, Consumer<JSONSchemaProps> edit) {
        rig.admin
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(plural + ".sequin.io")
                .edit(crd -> {
                    edit.accept(
                            crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema());
                    return crd;
                });
    }

    private static void preserve(JSONSchemaProps schema) {
        if ("object".equals(schema.getType())) {
            schema.setXKubernetesPreserveUnknownFields(true);
        }
        List.copyOf(schema.getProperties().values()).forEach(FutureIT::preserve);
        if (schema.getItems() != null) {
            preserve(schema.getItems().getSchema());
        }
    }
}
