package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SequinSerialization;
import io.sequin.data.CredentialRef;
import io.sequin.operator.destination.DestinationAnnouncements;
import io.sequin.testkit.kube.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Server-side apply of statuses on a real API server. */
class StatusWritesIT {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final ApiServer server = ApiServer.shared();
    private final String namespace = server.namespace("statuses");
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
                    .withNoProxy("127.0.0.1")
                    .build())
            .withKubernetesSerialization(SequinSerialization.create())
            .build();
    private final Rotations rotations = new Rotations();
    private final StatusWrites<Destination, DestinationStatus> writes = new StatusWrites<>(
            client,
            Destination::new,
            new DestinationAnnouncements(),
            rotations,
            new EventRecorder(client, "test"),
            "sequin-test");

    StatusWritesIT() {
        server.apply(Path.of("../config/crd/sequin.io_destinations.yaml"));
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private Destination create() {
        Destination destination = new Destination();
        destination.getMetadata().setNamespace(namespace);
        destination.getMetadata().setName("db");
        destination.setSpec(new DestinationSpec(
                new PostgresSpec(new CredentialsSecretRef("db", null, null), "db", null, "app", null, null), null));
        return client.resource(destination).create();
    }

    private Destination read() {
        return client.resources(Destination.class)
                .inNamespace(namespace)
                .withName("db")
                .get();
    }

    private static DestinationStatus status(String ready, String reason, long syncs) {
        return new DestinationStatus(
                1L, List.of(new Condition("Ready", ready, 1L, NOW, reason, "words")), null, List.of(), syncs);
    }

    @Test
    void keepsTheStatusOfTheCacheWhereItIsTheSame() {
        Destination created = create();
        String uid = created.getMetadata().getUid();
        writes.write(created, status("True", "Connected", 1), NOW);
        Destination cached = read();
        writes.share(cached);
        assertThat(writes.last(uid).orElseThrow().status()).isSameAs(cached.getStatus());

        writes.write(cached, status("True", "Connected", 2), NOW);
        writes.share(cached);
        assertThat(writes.last(uid).orElseThrow().status()).isEqualTo(status("True", "Connected", 2));
    }

    @Test
    void theStatusIsWrittenOnceAndReadBackEqual() {
        Destination destination = create();
        assertThat(writes.write(destination, status("True", "Verified", 1), NOW))
                .isTrue();
        Destination read = read();
        assertThat(read.getStatus()).isEqualTo(status("True", "Verified", 1));
        assertThat(writes.write(destination, status("True", "Verified", 1), NOW))
                .isFalse();
        assertThat(read().getMetadata().getResourceVersion())
                .isEqualTo(read.getMetadata().getResourceVersion());
        assertThat(read.getSpec()).isEqualTo(destination.getSpec());
    }

    @Test
    void unchangedMeansTheLastWriteAndNotWhatWasObserved() {
        Destination observed = create();
        observed.setStatus(status("True", "Verified", 1));
        assertThat(writes.write(observed, status("False", "Broken", 1), NOW)).isTrue();
        assertThat(writes.write(observed, status("True", "Verified", 1), NOW)).isTrue();
        assertThat(read().getStatus()).isEqualTo(status("True", "Verified", 1));
    }

    @Test
    void aStatusEditedBySomebodyElseIsPutRight() {
        Destination destination = create();
        DestinationStatus verified = status("True", "Verified", 1);
        writes.write(destination, verified, NOW);
        client.resource(destination)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\": {\"syncs\": 7, \"conditions\": [{\"type\": \"Ready\", \"status\": \"Perhaps\"}]}}");
        assertThat(writes.write(destination, verified, NOW))
                .as("nothing is known of the edit yet")
                .isFalse();
        assertThat(writes.write(read(), verified, NOW)).isTrue();
        assertThat(read().getStatus()).isEqualTo(verified);
        assertThat(writes.write(read(), verified, NOW)).isFalse();
    }

    @Test
    void aConditionOfSomebodyElseStays() {
        Destination destination = create();
        client.resources(Destination.class)
                .inNamespace(namespace)
                .withName("db")
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager("somebody")
                                .withForce(true)
                                .build(),
                        "{\"apiVersion\":\"sequin.io/v1alpha1\",\"kind\":\"Destination\",\"metadata\":{\"name\":\"db\"},"
                                + "\"status\":{\"conditions\":[{\"type\":\"Audited\",\"status\":\"True\"}]}}");
        writes.write(destination, status("True", "Verified", 1), NOW);
        assertThat(read().getStatus().conditions())
                .extracting(Condition::type)
                .containsExactlyInAnyOrder("Audited", "Ready");
    }

    @Test
    void aDeletedObjectIsNotBroughtBack() {
        Destination destination = create();
        client.resource(destination).delete();
        assertThat(writes.write(destination, status("True", "Verified", 1), NOW))
                .isFalse();
        assertThat(read()).isNull();
    }

    @Test
    void theFirstWriteForASuccessorReplacesWhatItsPredecessorLeft() {
        Destination first = create();
        client.resource(first).delete();
        Destination second = create();
        writes.write(first, status("True", "Verified", 7), NOW);
        writes.write(second, status("False", "Broken", 0), NOW);
        assertThat(read().getStatus()).isEqualTo(status("False", "Broken", 0));
    }

    @Test
    void anEventThatCantBeWrittenFailsNothing() {
        Destination destination = create();
        try (KubernetesClient nobody = server.as("nobody")) {
            StatusWrites<Destination, DestinationStatus> mute = new StatusWrites<>(
                    client,
                    Destination::new,
                    new DestinationAnnouncements(),
                    new Rotations(),
                    new EventRecorder(nobody, "test"),
                    "sequin-test");
            assertThat(mute.write(destination, status("True", "Verified", 1), NOW))
                    .isTrue();
        }
        assertThat(read().getStatus()).isEqualTo(status("True", "Verified", 1));
        assertThat(client.events().v1().events().inNamespace(namespace).list().getItems())
                .isEmpty();
        assertThat(server.auditLog().entriesOf("nobody")).anyMatch(e -> e.code() == 403);
    }

    @Test
    void anEventOfARotationNamesTheKindOfWhatChanged() {
        Destination destination = create();
        rotations.add(Resources.key(destination), new SecretName(namespace, "db"));
        rotations.add(Resources.key(destination), new SecretName(CredentialRef.Kind.CONFIG_MAP, namespace, "db"));
        writes.write(destination, status("Unknown", "Verifying", 1), NOW);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.events()
                                .v1()
                                .events()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .extracting(e -> e.getNote() + " " + e.getRelated().getKind() + " "
                                + e.getRelated().getName())
                        .containsExactlyInAnyOrder(
                                "Secret db has changed and is read again. Secret db",
                                "ConfigMap db has changed and is read again. ConfigMap db"));
    }

    @Test
    void anEventTellsWhenReadyMovesAndOnlyThen() {
        Destination destination = create();
        writes.write(destination, status("True", "Verified", 1), NOW);
        writes.write(destination, status("True", "Verified", 2), NOW);
        writes.write(destination, status("Unknown", "Verifying", 2), NOW);
        writes.write(destination, status("False", "ConnectionRefused", 2), NOW);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.events()
                                .v1()
                                .events()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .extracting(e -> e.getType() + " " + e.getReason() + " " + e.getNote())
                        .containsExactlyInAnyOrder("Normal Verified words", "Warning ConnectionRefused words"));
    }
}
