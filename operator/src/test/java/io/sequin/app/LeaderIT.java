package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.sequin.app.config.LeaseConfig;
import io.sequin.testkit.kube.AuditEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One leader at a time, and what an idle one writes; on a real API server. */
class LeaderIT {
    private OperatorRig rig;

    @BeforeEach
    void start() {
        rig = new OperatorRig();
        rig.secret("stripe", Map.of("api-key", "sk_test"));
        rig.secret("db", Map.of("username", "sequin", "password", "p"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Lease lease() {
        return rig.admin
                .leases()
                .inNamespace(rig.system)
                .withName(LeaseConfig.NAME)
                .get();
    }

    private void leads(OperatorApp app, Duration atMost) {
        await().atMost(atMost)
                .untilAsserted(() -> assertThat(rig.http(app, "/metrics")).contains("sequin_leader 1.0"));
    }

    @Test
    void aStoppedLeaderLetsGoOfTheLeaseAndTheStandbyTakesItSoon() {
        RecordingBodies first = new RecordingBodies();
        RecordingBodies second = new RecordingBodies();
        OperatorApp leader = rig.start(first, "one");
        leads(leader, OperatorRig.PATIENCE);
        OperatorApp standby = rig.start(second, "two");
        rig.destination("db", "db");
        rig.sync("stripe", "db");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(
                        () -> assertThat(rig.syncCondition("stripe", "Ready")).isEqualTo("True/Live"));
        assertThat(second.plans).isEmpty();
        assertThat(rig.http(standby, "/readyz")).startsWith("200");
        assertThat(rig.http(standby, "/metrics")).contains("sequin_leader 0.0");

        leader.close();
        assertThat(lease().getSpec().getHolderIdentity()).isNotEqualTo("one");
        leads(standby, OperatorRig.PATIENCE);
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(second.plans).hasSize(1));
        standby.close();
        assertThat(lease().getSpec().getHolderIdentity()).isEmpty();
    }

    @Test
    void anotherHoldersLeaseIsNotTouched() {
        OperatorApp leader = rig.start(new RecordingBodies(), "one");
        leads(leader, OperatorRig.PATIENCE);
        new LeaseRelease(rig.admin, rig.system, LeaseConfig.NAME, "two").release();
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("one");
        leader.close();
    }

    @Test
    void anIdleOperatorWritesNothingButItsLease() {
        RecordingBodies bodies = new RecordingBodies();
        OperatorApp app = rig.start(bodies, "one");
        rig.destination("db", "db");
        for (int i = 0; i < 10; i++) {
            rig.sync("stripe-" + i, "db");
        }
        for (int i = 0; i < 10; i++) {
            String name = "stripe-" + i;
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(rig.syncCondition(name, "UpToDate")).isEqualTo("True/Live"));
        }
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(rig.destination("db").getStatus().syncs()).isEqualTo(10));
        List<AuditEntry> before = settledWrites();
        // more than one round of everything that is due by time
        await().pollDelay(Duration.ofSeconds(35)).atMost(Duration.ofSeconds(50)).until(() -> true);
        assertThat(writes()).isEqualTo(before);
        app.close();
    }

    /** Once nothing has followed for a while: an Event comes after the status that it tells of. */
    private List<AuditEntry> settledWrites() {
        AtomicReference<List<AuditEntry>> last = new AtomicReference<>(List.of());
        await().atMost(OperatorRig.PATIENCE).pollInterval(Duration.ofSeconds(5)).until(() -> {
            List<AuditEntry> now = writes();
            return last.getAndSet(now).equals(now) && !now.isEmpty();
        });
        return last.get();
    }

    private List<AuditEntry> writes() {
        return rig.requests().stream()
                .filter(e -> !List.of("get", "list", "watch").contains(e.verb()))
                .filter(e -> !"leases".equals(e.resource()))
                .toList();
    }
}
