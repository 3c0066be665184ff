package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.testkit.proxy.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the kubelet is told while the API server is gone. */
class HealthIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Less than the time for which a watch may be broken before anybody is told. */
    private static final Duration SHORT = Duration.ofSeconds(15);

    @Test
    void anApiServerThatIsGoneMakesItNotReadyAfterAWhileAndNeverDead() {
        OperatorRig rig = new OperatorRig();
        URI server = URI.create(rig.server.url());
        try (rig;
                FaultProxy detour = FaultProxy.to(server.getHost(), server.getPort());
                OperatorApp leader = leader(rig);
                OperatorApp standby = standby(rig, detour)) {
            assertThat(rig.http(standby, "/metrics")).contains("sequin_leader 0.0");
            assertThat(rig.http(standby, "/readyz")).as("a standby is ready").startsWith("200");

            detour.refuse();
            detour.cutAll();
            Instant gone = Instant.now();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(rig.http(standby, "/livez")).startsWith("200");
                assertThat(rig.http(standby, "/readyz")).startsWith("503");
            });
            assertThat(Duration.between(gone, Instant.now())).isGreaterThan(SHORT);
            assertThat(rig.http(standby, "/metrics")).startsWith("200").contains("sequin_leader 0.0");
            assertThat(rig.http(leader, "/readyz")).startsWith("200");

            detour.heal();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(rig.http(standby, "/readyz")).startsWith("200"));
            theStandbyStillFollowsAndTakesOver(rig, leader);
        }
    }

    private static void theStandbyStillFollowsAndTakesOver(OperatorRig rig, OperatorApp leader) {
        leader.close();
        rig.secret("after", Map.of("username", "sequin", "password", "p"));
        rig.destination("after", "after");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(rig.destinationCondition("after", "Ready")).isEqualTo("True/Verified"));
    }

    private static OperatorApp leader(OperatorRig rig) {
        OperatorApp leader = rig.start(new RecordingBodies(), "leader");
        await().atMost(PATIENCE).until(() -> rig.http(leader, "/metrics").contains("sequin_leader 1.0"));
        return leader;
    }

    private static OperatorApp standby(OperatorRig rig, FaultProxy detour) {
        String login = rig.kubeconfig.replace(":" + URI.create(rig.server.url()).getPort(), ":" + detour.port());
        assertThat(login).isNotEqualTo(rig.kubeconfig);
        return rig.start(
                (credentials, known, clock, random, recorder) -> new RecordingBodies().using(credentials),
                "standby",
                login,
                http -> {});
    }
}
