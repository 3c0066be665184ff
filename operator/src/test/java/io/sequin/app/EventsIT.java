package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.sequin.data.Problem;
import io.sequin.source.SourceProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kubectl describe} tells of the past. */
class EventsIT {
    /** As the limit of the recorder. */
    private static final int BURST = 25;

    private static final RecordingBodies BODIES = new RecordingBodies();
    private static OperatorRig rig;
    private static OperatorApp app;

    @TempDir
    private Path scratch = Path.of("replaced");

    @BeforeAll
    static void start() {
        rig = new OperatorRig();
        rig.secret("stripe", Map.of("api-key", "sk_test_canary"));
        app = rig.start(BODIES, "events");
    }

    @AfterAll
    static void stop() {
        app.close();
        rig.close();
    }

    private static void ready(String name, String secret) {
        rig.secret(secret, Map.of("username", "sequin", "password", "first"));
        rig.destination(name, secret);
        rig.sync(name, name);
        waitFor(name, "True/Live");
    }

    private static void waitFor(String name, String expected) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(
                        () -> assertThat(rig.syncCondition(name, "Ready")).isEqualTo(expected));
    }

    private String describe(String kind, String name) throws IOException, InterruptedException {
        Path kubeconfig = Files.writeString(scratch.resolve("kubeconfig"), rig.server.kubeconfig());
        Process kubectl = new ProcessBuilder(
                        rig.server.kubectl().toString(),
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "-n",
                        rig.namespace,
                        "describe",
                        kind,
                        name)
                .redirectErrorStream(true)
                .start();
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).as(text).isZero();
        return text.substring(text.indexOf("Events:"));
    }

    private static Problem problem(SourceProblem code, String message) {
        return Problem.of(code, message);
    }

    @Test
    void describeTellsOfReadinessTablesQuotaAndRotation() throws IOException, InterruptedException {
        ready("told", "told-login");
        BODIES.scripts.put(
                "told",
                () -> RecordingBodies.failing(
                        Optional.empty(), problem(SourceProblem.PERMISSION_DENIED, "The key may not read customers.")));
        waitFor("told", "True/TablesFailing");
        BODIES.scripts.remove("told");
        waitFor("told", "True/Live");
        rig.secret("told-login", Map.of("username", "sequin", "password", "canary-second"));
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(describe("sync", "told")).contains("Secret told-login has changed"));
        String sync = describe("sync", "told");
        assertThat(sync)
                .containsPattern("Normal +Live .* sequin.io/operator")
                .containsPattern("Normal +BackfillComplete .* Every table's first pass is done: 1/1 live")
                .containsPattern("Warning +TablesFailing ")
                .containsPattern("Warning +TableFailing .* customer: The key may not read customers.")
                .containsPattern("Normal +CredentialsChanged ")
                .doesNotContain("canary");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(describe("destination", "told"))
                        .containsPattern("Normal +Verified ")
                        .containsPattern("Normal +CredentialsChanged .* Secret told-login"));
    }

    @Test
    void anEventNamesTheOtherObject() {
        rig.sync("lonely", "nowhere");
        waitFor("lonely", "False/DestinationNotFound");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(events("lonely"))
                        .singleElement()
                        .satisfies(e -> {
                            assertThat(e.getType()).isEqualTo("Warning");
                            assertThat(e.getRelated().getKind()).isEqualTo("Destination");
                            assertThat(e.getRelated().getName()).isEqualTo("nowhere");
                        }));
    }

    @Test
    void aSyncThatFlapsDoesNotFloodTheCluster() {
        AtomicLong turn = new AtomicLong();
        BODIES.pause = Duration.ofMillis(100);
        ready("flaps", "flaps");
        BODIES.scripts.put("flaps", () -> {
            return turn.getAndIncrement() / 2 % 2 == 0
                    ? RecordingBodies.failing(
                            Optional.of(problem(SourceProblem.AUTHENTICATION_FAILED, "The key is revoked.")),
                            problem(SourceProblem.PERMISSION_DENIED, "No right."))
                    : RecordingBodies.live(10);
        });
        await().atMost(OperatorRig.PATIENCE).until(() -> events("flaps").size() >= BURST);
        long full = turn.get();
        await().atMost(OperatorRig.PATIENCE).until(() -> turn.get() > full + 20);
        assertThat(events("flaps")).hasSize(BURST);
    }

    private static List<Event> events(String sync) {
        String uid = rig.sync(sync).getMetadata().getUid();
        return rig.admin.events().v1().events().inNamespace(rig.namespace).list().getItems().stream()
                .filter(e -> uid.equals(e.getRegarding().getUid()))
                .toList();
    }
}
