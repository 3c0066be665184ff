package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import java.util.Random;

/** The main job: two manifests fill a Postgres, and keep it current. */
class FromNothingToReadyIT {
    @OnPostgres({10, 15, 18})
    void twoManifestsFillEveryTableAndThenChangesAndDeletesArrive(int major) throws Exception {
        try (Rig rig = Rig.on(major, "ready-" + major)) {
            rig.stripe.data().seed(major, 700, 60, 1200);
            rig.grantCreate();

            rig.applyAll();

            rig.await("Destination", "warehouse", "Ready", "True");
            rig.await("Sync", "stripe", "BackfillComplete", "True");
            rig.awaitEqual("stripe");
            rig.await("Sync", "stripe", "Ready", "True/Live");
            assertThat(rig.status("Sync", "stripe").path("tablesLive").asText()).isEqualTo("3/3");

            rig.stripe.data().churn(new Random(major), 200);

            rig.awaitEqual("stripe");
        }
    }
}
