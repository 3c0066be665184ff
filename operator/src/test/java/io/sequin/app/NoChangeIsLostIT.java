package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users change specs while the operator writes statuses, 1,000 times for each kind, on a real API server. */
class NoChangeIsLostIT {
    private static final int RESOURCES = 5;
    private static final int CHANGES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    /** The usual reconcile comes after 15 s for a Sync and 30 s for a Destination, less a tenth of jitter. */
    private static final Duration USUAL = Duration.ofSeconds(12);

    private final OperatorRig rig = new OperatorRig();

    @Test
    void aChangeOfTheSpecDuringTheOperatorsOwnWriteIsNeverLost() {
        RecordingBodies bodies = new RecordingBodies();
        bodies.silent = true;
        rig.secret("db", Map.of("username", "sequin", "password", "p"));
        try (rig;
                DuringStatusWrites during = new DuringStatusWrites(CHANGES, this::change);
                OperatorApp app = rig.start(
                        (credentials, known, clock, random, recorder) -> bodies.using(credentials),
                        "interleaved",
                        http -> http.addOrReplaceInterceptor("during", during))) {
            for (int i = 0; i < RESOURCES; i++) {
                rig.destination("changed-" + i, "db");
                // on no Destination and without a loop: only its own changes, of spec or status, bring a reconcile
                rig.sync("changed-" + i, "nowhere");
            }
            assertThat(rig.http(app, "/readyz")).startsWith("200");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(during.failures()).isZero();
                assertThat(during.links("syncs")).isEqualTo(RESOURCES * CHANGES);
                assertThat(during.links("destinations")).isEqualTo(RESOURCES * CHANGES);
            });
            await().atMost(OperatorRig.PATIENCE).untilAsserted(this::everyStatusIsAboutTheLastSpec);
            System.out.println("changes during a write: " + during.overlaps("syncs") + " of Syncs, "
                    + during.overlaps("destinations") + " of Destinations; longest wait for the next write "
                    + during.longestGap());
            assertThat(during.longestGap()).isLessThan(USUAL);
            assertThat(during.overlaps("syncs")).isGreaterThan(CHANGES / 2);
            assertThat(during.overlaps("destinations")).isGreaterThan(CHANGES / 2);
        }
    }

    private void change(String plural, String name, int number) {
        String spec = plural.equals("syncs")
                ? "{\"spec\":{\"pollInterval\":\"" + (30 + number) + "s\"}}"
                : "{\"spec\":{\"verifyInterval\":\"" + (3600 + number) + "s\"}}";
        rig.admin
                .genericKubernetesResources("sequin.io/v1alpha1", plural.equals("syncs") ? "Sync" : "Destination")
                .inNamespace(rig.namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), spec);
    }

    private void everyStatusIsAboutTheLastSpec() {
        List<Sync> syncs = rig.admin
                .resources(Sync.class)
                .inNamespace(rig.namespace)
                .list()
                .getItems();
        assertThat(syncs).hasSize(RESOURCES).allSatisfy(sync -> {
            assertThat(sync.getSpec().pollInterval()).isEqualTo((30 + CHANGES) + "s");
            assertThat(ready(sync.getStatus().conditions()).observedGeneration())
                    .isEqualTo(sync.getMetadata().getGeneration());
        });
        List<Destination> destinations = rig.admin
                .resources(Destination.class)
                .inNamespace(rig.namespace)
                .list()
                .getItems();
        assertThat(destinations).hasSize(RESOURCES).allSatisfy(destination -> {
            assertThat(destination.getSpec().verifyInterval()).isEqualTo((3600 + CHANGES) + "s");
            assertThat(ready(destination.getStatus().conditions()).observedGeneration())
                    .isEqualTo(destination.getMetadata().getGeneration());
        });
    }

    private static Condition ready(List<Condition> conditions) {
        return Conditions.find(conditions, Finding.READY).orElseThrow();
    }
}
