package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.sequin.testkit.postgres.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Canary secrets must not show up anywhere but in their Secrets. */
class LeakIT {
    private static final String PASSWORD = "canary%@:/?#'\"\\pässword-4711";
    private static final String API_KEY = "sk_test_canary0815ABCDEFGHabcdefgh";
    private static final String WRONG_KEY = "sk_test_wrongcanary4242ABCDEFGHabc";
    private static final String WRONG_PASSWORD = "canary-wrong-pässword'\"\\ 1234";

    @Test
    void noSecretIsInLogsAtTraceStatusEventsMetricsProcessArgumentsOrEnvironment() throws Exception {
        try (Rig rig = new Rig(PostgresServer.shared(18), "leak", PASSWORD, API_KEY, List.of("--log-level=TRACE"))) {
            rig.stripe.data().seed(1, 50, 5, 60);
            rig.grantCreate();
            rig.applyAll();
            rig.await("Sync", "stripe", "Ready", "True/Live");
            rig.apiKey(WRONG_KEY);
            rig.await("Sync", "stripe", "SourceReady", "False/AuthenticationFailed");
            rig.credentials(WRONG_PASSWORD);
            rig.await("Destination", "warehouse", "Ready", "False");

            Map<String, String> places = new LinkedHashMap<>();
            String log = Files.readString(rig.operator().process().output());
            assertThat(log).as("TRACE is on").contains("TRACE");
            places.put("log", log);
            places.put("metrics", rig.operator().metrics());
            for (String kind : List.of("Destination", "Sync")) {
                places.put(
                        kind,
                        Serialization.asJson(Rig.admin()
                                .genericKubernetesResources("sequin.io/v1alpha1", kind)
                                .inNamespace(rig.namespace)
                                .list()));
            }
            places.put(
                    "events",
                    Serialization.asJson(Rig.admin()
                            .events()
                            .v1()
                            .events()
                            .inNamespace(rig.namespace)
                            .list()));
            Path proc = Path.of("/proc", String.valueOf(rig.operator().process().pid()));
            places.put("arguments", Files.readString(proc.resolve("cmdline"), StandardCharsets.UTF_8));
            places.put("environment", Files.readString(proc.resolve("environ"), StandardCharsets.UTF_8));
            places.put("postgres log", rig.postgres.log());

            places.forEach((place, text) -> {
                assertThat(text).as(place).isNotEmpty();
                for (String secret : List.of(PASSWORD, API_KEY, WRONG_KEY, WRONG_PASSWORD)) {
                    forms(secret)
                            .forEach((form, value) -> assertThat(text.contains(value))
                                    .as("%s contains the canary %s... as %s", place, secret.substring(0, 8), form)
                                    .isFalse());
                }
            });
        }
    }

    private static Map<String, String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return Map.of(
                "text", secret,
                "base64", Base64.getEncoder().withoutPadding().encodeToString(bytes),
                "URL", java.net.URLEncoder.encode(secret, StandardCharsets.UTF_8),
                "JSON", secret.replace("\\", "\\\\").replace("\"", "\\\""),
                "hex", HexFormat.of().formatHex(bytes));
    }
}
