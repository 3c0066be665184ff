package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.Troubles;
import io.sequin.loop.StopReason;
import io.sequin.operator.kube.Resources;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.kube.AuditEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes on between the reconcilers and a real API server, with the rights of config/rbac. */
class ControlPlaneIT {
    private static final RecordingBodies BODIES = new RecordingBodies();
    private static OperatorRig rig;
    private static OperatorApp app;

    @BeforeAll
    static void start() {
        rig = new OperatorRig();
        rig.secret("stripe", Map.of("api-key", "sk_test"));
        app = rig.start(BODIES, "instance-1");
    }

    @AfterAll
    static void stop() {
        app.close();
        rig.close();
    }

    private static void waitFor(String name, String type, String expected) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(rig.syncCondition(name, type)).isEqualTo(expected));
    }

    /** A Destination with its Secret, and a Sync on it, both Ready. */
    private static ResourceKey ready(String name) {
        rig.secret(name, Map.of("username", "sequin", "password", "first"));
        rig.destination(name, name);
        rig.sync(name, name);
        waitFor(name, "Ready", "True/Live");
        return Resources.key(rig.sync(name));
    }

    @Test
    void bothKindsBecomeReadyAndAnEventTellsIt() {
        ready("flow");
        Sync sync = rig.sync("flow");
        assertThat(sync.getStatus().observedGeneration()).isEqualTo(1);
        assertThat(sync.getStatus().tablesLive()).isEqualTo("1/1");
        assertThat(sync.getStatus().conditions())
                .extracting(c -> c.type() + "=" + c.status())
                .containsExactlyInAnyOrder(
                        "Ready=True",
                        "DestinationReady=True",
                        "SourceReady=True",
                        "SchemaReady=True",
                        "BackfillComplete=True",
                        "UpToDate=True");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(rig.destination("flow").getStatus().syncs()).isEqualTo(1));
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(events(sync)).extracting(Event::getReason).contains("Live"));
    }

    @Test
    void aSyncWaitsForItsDestinationAndStartsWhenItComes() {
        rig.secret("late", Map.of("username", "sequin", "password", "p"));
        rig.sync("late", "late");
        waitFor("late", "Ready", "False/DestinationNotFound");
        assertThat(BODIES.plans.keySet()).noneMatch(key -> key.name().equals("late"));
        rig.destination("late", "late");
        waitFor("late", "Ready", "True/Live");
    }

    @Test
    void suspendStopsTheLoopAndKeepsTheClaim() {
        ResourceKey key = ready("pause");
        rig.patchSync("pause", "{\"suspend\":true}");
        waitFor("pause", "Ready", "True/Suspended");
        assertThat(BODIES.stopped).containsEntry(key, StopReason.REPLACED);
        assertThat(rig.syncCondition("pause", "BackfillComplete")).isEqualTo("True/Complete");
        rig.patchSync("pause", "{\"suspend\":false}");
        waitFor("pause", "Ready", "True/Live");
        assertThat(rig.sync("pause").getStatus().observedGeneration()).isEqualTo(3);
    }

    @Test
    void aChangedSecretIsReadWithoutWaitingForTheNextVerification() {
        ready("rotate");
        ResourceKey key = Resources.key(rig.destination("rotate"));
        assertThat(BODIES.credentials).containsEntry(key, "first");
        rig.secret("rotate", Map.of("username", "sequin", "password", "second"));
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(BODIES.credentials).containsEntry(key, "second"));
    }

    @Test
    void aMissingSecretIsAConditionAndItsCreationCuresIt() {
        rig.destination("missing", "missing");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(rig.destinationCondition("missing", "Ready")).isEqualTo("False/SecretNotFound"));
        assertThat(rig.destinationCondition("missing", "Connected")).isEqualTo("Unknown/NotReached");
        assertThat(rig.destinationCondition("missing", "Reconciling")).isEqualTo("True/SecretNotFound");
        rig.secret("missing", Map.of("username", "sequin", "password", "p"));
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(rig.destinationCondition("missing", "Ready")).isEqualTo("True/Verified"));
    }

    @Test
    void aDeletedSyncLosesItsLoopAndARecreatedOneGetsItsOwn() {
        ResourceKey first = ready("again");
        rig.admin
                .resources(Sync.class)
                .inNamespace(rig.namespace)
                .withName("again")
                .delete();
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(BODIES.stopped).containsEntry(first, StopReason.REMOVED));
        rig.sync("again", "again");
        waitFor("again", "Ready", "True/Live");
        ResourceKey second = Resources.key(rig.sync("again"));
        assertThat(second).isNotEqualTo(first);
        assertThat(BODIES.plans).containsKey(second);
    }

    @Test
    void noChangeOfASpecIsLostWhileStatusesAreWritten() {
        ResourceKey key = ready("busy");
        AtomicLong turn = new AtomicLong();
        BODIES.scripts.put("busy", () -> turn.incrementAndGet() % 2 == 0 ? RecordingBodies.live(10) : revoked());
        for (int i = 1; i <= 40; i++) {
            rig.patchSync("busy", "{\"pollInterval\":\"" + i + "m\"}");
        }
        BODIES.scripts.remove("busy");
        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            Sync sync = rig.sync("busy");
            assertThat(sync.getStatus().observedGeneration())
                    .isEqualTo(sync.getMetadata().getGeneration());
            assertThat(BODIES.plans.get(key)).extracting(SyncPlan::pollInterval).isEqualTo(Duration.ofMinutes(40));
            assertThat(rig.syncCondition("busy", "Ready")).isEqualTo("True/Live");
        });
    }

    @Test
    void aCodeAndTheSecretToMendAreInTheStatusWhateverReadySays() {
        ready("told");
        BODIES.scripts.put("told", ControlPlaneIT::revokedInAResync);
        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            Sync sync = rig.sync("told");
            assertThat(rig.syncCondition("told", "Ready")).isEqualTo("False/AuthenticationFailed");
            assertThat(sync.getStatus().tables().getFirst().message()).isEqualTo("confirm: charge-7f3a");
            assertThat(sync.getStatus().conditions())
                    .filteredOn(c -> c.type().equals("SourceReady"))
                    .singleElement()
                    .satisfies(c -> assertThat(c.message()).contains("The key is in Secret"));
        });
    }

    private static SyncSnapshot revokedInAResync() {
        SyncSnapshot revoked = revoked();
        Problem waits = Problem.of(PostgresProblem.DELETES_NEED_CONFIRMATION, "confirm: charge-7f3a");
        return new SyncSnapshot(
                revoked.troubles(),
                revoked.reached(),
                revoked.tables(),
                List.of(),
                revoked.pace(),
                Optional.of(new ResyncProgress(
                        Optional.empty(), Optional.of("t"), Set.of("charge"), Set.of(), Map.of("charge", waits))),
                Optional.empty());
    }

    @Test
    void theOperatorActsAsItsServiceAccountAndIsNeverRefused() {
        ready("rights");
        List<AuditEntry> requests = rig.requests();
        assertThat(requests)
                .extracting(e -> e.verb() + " " + e.resource() + (e.subresource() == null ? "" : "/status"))
                .contains("patch syncs/status", "patch destinations/status", "create events", "watch secrets");
        assertThat(requests).extracting(AuditEntry::code).doesNotContain(403);
        assertThat(requests)
                .filteredOn(e -> "secrets".equals(e.resource()))
                .extracting(AuditEntry::namespace)
                .containsOnly(rig.namespace);
    }

    @Test
    void metricsAndHealthAnswer() {
        ready("seen");
        assertThat(rig.http(app, "/livez")).startsWith("200");
        assertThat(rig.http(app, "/readyz")).startsWith("200");
        String labels = "name=\"seen\",namespace=\"" + rig.namespace + "\"";
        assertThat(rig.http(app, "/metrics"))
                .contains("sequin_leader 1.0")
                .contains("sequin_sync_rows{" + labels + ",table=\"charge\"} 10.0")
                .contains("sequin_sync_table_state{" + labels + ",state=\"Live\",table=\"charge\"} 1.0")
                .contains("sequin_sync_lag_seconds{" + labels + "}")
                .contains("sequin_resource_condition{kind=\"Sync\"," + labels + ",status=\"True\",type=\"Ready\"} 1.0");
        assertThat(rig.http(app, "/metrics/else")).startsWith("404");
    }

    @Test
    void theLogLinesOfALoopNameItsResource() {
        ResourceKey key = ready("named");
        await().atMost(OperatorRig.PATIENCE).until(() -> BODIES.turns.getOrDefault(key, 0) > 2);
        assertThat(BODIES.logged.get(key))
                .contains("resource.kind=Sync", "resource.name=named", "resource.namespace=" + rig.namespace);
    }

    static List<Event> events(Sync sync) {
        return rig.admin.events().v1().events().inNamespace(rig.namespace).list().getItems().stream()
                .filter(e -> sync.getMetadata().getUid().equals(e.getRegarding().getUid()))
                .toList();
    }

    private static SyncSnapshot revoked() {
        SyncSnapshot live = RecordingBodies.live(10);
        return new SyncSnapshot(
                Troubles.ofSource(Problem.of(SourceProblem.AUTHENTICATION_FAILED, "The key is revoked.")),
                live.reached(),
                live.tables(),
                List.of(),
                live.pace());
    }
}
