package io.sequin.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An upgrade of the CRDs over objects that are stored already. In a group of the test's own, since CRDs belong to the
 * whole cluster.
 */
class RatchetingIT {
    private static final Path OURS = Cluster.CONFIG.resolve("crd");
    private static final Path FIRST = Path.of("src/test/resources/first");

    private Cluster cluster;
    private KubernetesClient client;
    private String group;

    @BeforeEach
    void start() {
        cluster = Cluster.withNamespace("ratchet");
        client = cluster.client();
        group = cluster.namespace() + ".example.com";
    }

    private CustomResourceDefinition crd(Path folder, String plural) throws IOException {
        String text = Files.readString(folder.resolve("sequin.io_" + plural + ".yaml"));
        CustomResourceDefinition crd = Serialization.unmarshal(text, CustomResourceDefinition.class);
        crd.getMetadata().setName("old" + plural + "." + group);
        crd.getSpec().setGroup(group);
        // no name that others on this server ask kubectl for
        crd.getSpec().getNames().setPlural("old" + plural);
        crd.getSpec().getNames().setSingular("old" + crd.getSpec().getNames().getSingular());
        crd.getSpec().getNames().setShortNames(List.of());
        crd.getSpec().getNames().setCategories(List.of());
        return crd;
    }

    private void apply(CustomResourceDefinition crd) {
        client.resource(crd).forceConflicts().serverSideApply();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(crd.getMetadata().getName())
                        .get()
                        .getStatus()
                        .getConditions()
                        .stream()
                        .anyMatch(c -> c.getType().equals("Established")
                                && c.getStatus().equals("True")));
    }

    /** Before there were any rules about the spec's values. */
    private static CustomResourceDefinition loose(CustomResourceDefinition crd) {
        JSONSchemaProps root =
                crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        loosen(Objects.requireNonNull(root.getProperties().get("spec")));
        return crd;
    }

    private static void loosen(JSONSchemaProps schema) {
        schema.setXKubernetesValidations(List.of());
        schema.setPattern(null);
        schema.setMaxLength(null);
        schema.setMinLength(null);
        schema.setMaximum(null);
        schema.setMinimum(null);
        schema.setMaxItems(null);
        schema.setEnum(List.of());
        schema.setXKubernetesListType(null);
        schema.getProperties().values().forEach(RatchetingIT::loosen);
        if (schema.getItems() != null) {
            loosen(schema.getItems().getSchema());
        }
    }

    private Resource<GenericKubernetesResource> create(String kind, String name, String spec) {
        GenericKubernetesResource object = Serialization.unmarshal(
                """
                {"apiVersion": "%s/v1alpha1", "kind": "%s", "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(group, kind, name, cluster.namespace(), spec), GenericKubernetesResource.class);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsMatching(e -> e instanceof KubernetesClientException k && k.getCode() == 404)
                .until(() -> client.resource(object).create() != null);
        return client.genericKubernetesResources(group + "/v1alpha1", kind)
                .inNamespace(cluster.namespace())
                .withName(name);
    }

    private static void patch(Resource<GenericKubernetesResource> at, String spec) {
        at.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    private static Object spec(Resource<GenericKubernetesResource> at, String field) {
        return at.get().get("spec", field);
    }

    /** The new rules are in force a moment after the CRD was taken. */
    private static void awaitRule(Resource<GenericKubernetesResource> at, String badSpec, String message) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> assertThatThrownBy(() -> patch(at, badSpec))
                        .isInstanceOf(KubernetesClientException.class)
                        .hasMessageContaining(message));
    }

    @Test
    void anObjectStoredBeforeARuleCanStillBeChangedElsewhere() throws IOException {
        apply(loose(crd(OURS, "syncs")));
        Resource<GenericKubernetesResource> sync = create("Sync", "old", """
                {"destinationRef": {"name": "Ware_House"}, "schema": "public", "pollInterval": "10ms",
                 "source": {"stripe": {"apiKeySecretRef": {"name": "Stripe", "key": "a/b"}, "startDate": "1970-01-01"}},
                 "tables": {"include": ["a", "a"]}, "deletionTimeout": "1s", "rateLimit": {"interval": "1ms"}}""");

        apply(crd(OURS, "syncs"));

        awaitRule(sync, "{\"pollInterval\": \"20ms\"}", "pollInterval must be a duration of at least 1s");
        patch(sync, "{\"suspend\": true}");
        patch(sync, "{\"deletionPolicy\": \"Delete\"}");
        patch(sync, "{\"source\": {\"stripe\": {\"account\": \"acct_1\"}}}");
        assertThat(spec(sync, "suspend")).isEqualTo(true);
        assertThat(spec(sync, "schema")).isEqualTo("public");
        sync.patch(
                PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": [\"sequin.io/delete-data\"]}}");
        sync.subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": {\"rows\": 5}}");
        sync.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": []}}");
        patch(sync, "{\"pollInterval\": \"10s\", \"deletionTimeout\": \"1m\"}");
        assertThatThrownBy(() -> patch(sync, "{\"schema\": \"other\"}")).hasMessageContaining("schema can't change");
        sync.delete();
        await().atMost(Duration.ofSeconds(60)).until(() -> sync.get() == null);
    }

    @Test
    void aDestinationStoredBeforeARuleCanStillBeChangedElsewhere() throws IOException {
        apply(loose(crd(OURS, "destinations")));
        Resource<GenericKubernetesResource> destination = create("Destination", "old", """
                {"postgres": {"credentialsSecretRef": {"name": "Db_1"}, "host": "db:5432", "database": "app"},
                 "verifyInterval": "1s"}""");

        apply(crd(OURS, "destinations"));

        awaitRule(destination, "{\"postgres\": {\"host\": \"db:1\"}}", "host must be a host name");
        patch(destination, "{\"postgres\": {\"database\": \"other\", \"port\": 6432}}");
        patch(destination, "{\"postgres\": {\"credentialsSecretRef\": {\"usernameKey\": \"user\"}}}");
        assertThat(spec(destination, "verifyInterval")).isEqualTo("1s");
        patch(destination, "{\"verifyInterval\": \"30s\"}");
    }

    @Test
    void objectsOfTheFirstCrdsLiveOnUnderOurs() throws IOException {
        for (String plural : List.of("destinations", "syncs")) {
            apply(crd(FIRST, plural));
        }
        Resource<GenericKubernetesResource> destination = create("Destination", "warehouse", """
                {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "db", "port": 5432, "database": "app",
                 "tls": {"mode": "verify-full", "caFrom": {"secretKeyRef": {"name": "ca", "key": "ca.crt"}}}},
                 "verifyInterval": "60s"}""");
        Resource<GenericKubernetesResource> sync = create("Sync", "stripe", """
                {"destinationRef": {"name": "warehouse"}, "schema": "stripe", "pollInterval": "30s", "suspend": false,
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""");
        Object destinationBefore = destination.get().get("spec");
        Object syncBefore = sync.get().get("spec");

        for (String plural : List.of("destinations", "syncs")) {
            apply(crd(OURS, plural));
        }

        awaitRule(sync, "{\"deletionTimeout\": \"1s\"}", "deletionTimeout must be");
        assertThat(destination.get().<Object>get("spec")).isEqualTo(destinationBefore);
        assertThat(sync.get().<Object>get("spec")).isEqualTo(syncBefore);
        patch(sync, "{\"deletionPolicy\": \"Delete\", \"tables\": {\"include\": [\"charge\"]}}");
        patch(destination, "{\"postgres\": {\"tls\": {\"mode\": \"disable\", \"caFrom\": null}}}");
        assertThat(spec(sync, "deletionPolicy")).isEqualTo("Delete");
    }
}
