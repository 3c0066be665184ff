package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sequin.api.v1alpha1.CaSource;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.Tls;
import io.sequin.api.v1alpha1.TlsMode;
import io.sequin.testkit.kube.AuditEntry;
import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty Ready resources, a real Postgres, a fake Stripe that nobody changes, and the packaged operator: it polls and
 * verifies, and neither Kubernetes nor the log hears of it.
 */
class IdleIT {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** The counters of the last changes may come so late. */
    private static final Duration SETTLES = Duration.ofSeconds(40);

    private static final int PAIRS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A line in text that says whose it is. */
    private static final Pattern OF_A_SYNC = Pattern.compile(
            "\\S+Z +[A-Z]+ +(SyncOpener|LaneRunner) \\[(?=.*resource.kind=Sync)(?=.*resource.name=idle-\\d)(?=.*resource.namespace=).*");

    @TempDir
    private Path scratch = Path.of("replaced");

    private final PostgresServer postgres = PostgresServer.shared(15);
    private final String user = "idle_" + UUID.randomUUID().toString().substring(0, 8);
    private final String password = "canary-password-" + UUID.randomUUID();
    private final String apiKey =
            "sk_test_canary" + UUID.randomUUID().toString().replace("-", "");
    private OperatorRig rig;
    private FakeStripe stripe;
    private String database;

    @BeforeEach
    void start() throws SQLException {
        rig = new OperatorRig();
        stripe = FakeStripe.start();
        stripe.keys().add(ApiKey.secret(apiKey, FakeStripe.ACCOUNT));
        stripe.data().seed(4, 20, 5, 30);
        database = postgres.createDatabase("idle");
        postgres.createRole(user, password);
        try (Connection connection = postgres.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute("grant create on database \"" + database + "\" to \"" + user + "\"");
        }
        rig.secret("stripe", Map.of("api-key", apiKey));
        rig.secret("db", Map.of("username", user, "password", password));
        rig.secret("ca", Map.of("ca.crt", postgres.authority().pem()));
    }

    @AfterEach
    void stop() {
        stripe.close();
        rig.close();
    }

    private PackagedOperator operator(String format) {
        return PackagedOperator.start(
                OperatorRig.jar(),
                rig.kubeconfig,
                scratch,
                List.of("-XX:+UseSerialGC", "-Xmx160m"),
                List.of(
                        "--namespaces=" + rig.namespace,
                        "--lease-namespace=" + rig.system,
                        "--source-endpoint=stripe=" + stripe.baseUri(),
                        "--log-format=" + format));
    }

    private void createPair(int i) {
        Destination destination = new Destination();
        destination.getMetadata().setNamespace(rig.namespace);
        destination.getMetadata().setName("idle-" + i);
        destination.setSpec(new DestinationSpec(
                new PostgresSpec(
                        new CredentialsSecretRef("db", null, null),
                        postgres.host(),
                        postgres.port(),
                        database,
                        new Tls(TlsMode.VERIFY_FULL, new CaSource(new SecretKeyRef("ca", "ca.crt"), null)),
                        null),
                "10s"));
        rig.admin.resource(destination).create();
        rig.sync("idle-" + i, "idle-" + i);
        rig.patchSync("idle-" + i, "{\"pollInterval\":\"2s\"}");
    }

    private void everythingIsReady() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int i = 0; i < PAIRS; i++) {
                assertThat(rig.destinationCondition("idle-" + i, "Ready")).isEqualTo("True/Verified");
                assertThat(rig.syncCondition("idle-" + i, "Ready")).isEqualTo("True/Live");
                assertThat(rig.syncCondition("idle-" + i, "UpToDate")).isEqualTo("True/Live");
            }
        });
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(PATIENCE).until(() -> true);
    }

    @Test
    void nothingIsWrittenButTheLeaseAndNothingIsLoggedWhileNothingChanges() throws Exception {
        try (PackagedOperator operator = operator("json")) {
            for (int i = 0; i < PAIRS; i++) {
                createPair(i);
            }
            everythingIsReady();
            pass(SETTLES);
            int requests = rig.requests().size();
            int lines = log(operator).size();
            long polls = stripe.requests().total();
            pass(IDLE);
            assertThat(stripe.requests().total()).as("it polls").isGreaterThan(polls + PAIRS * 5L);
            List<AuditEntry> meanwhile = rig.requests();
            assertThat(meanwhile.subList(requests, meanwhile.size()))
                    .filteredOn(e -> !List.of("get", "list", "watch").contains(e.verb()))
                    .isNotEmpty()
                    .allSatisfy(e -> assertThat(e.resource()).isEqualTo("leases"));
            List<String> log = log(operator);
            assertThat(log.subList(lines, log.size())).isEmpty();
            log.forEach(this::checkJson);
            assertThat(log).anyMatch(line -> line.contains("configuration: ") && line.contains(rig.namespace));
            assertThat(log).anyMatch(line -> line.contains("\"lane\""));
            operator.process().terminate();
            assertThat(operator.process().waitFor(PATIENCE)).hasValue(0);
            assertNoSecret(operator);
        }
        theOtherFormatNamesTheResourceToo();
    }

    private void theOtherFormatNamesTheResourceToo() throws Exception {
        try (PackagedOperator operator = operator("text")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log(operator))
                            .filteredOn(line -> OF_A_SYNC.matcher(line).matches())
                            .hasSizeGreaterThanOrEqualTo(PAIRS));
            assertNoSecret(operator);
        }
    }

    /** A line of a loop names its resource. */
    private void checkJson(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            assertThat(entry.path("level").asText()).as(line).isIn("INFO", "WARN");
            assertThat(entry.path("formattedMessage").asText()).as(line).isNotEmpty();
            String logger = entry.path("loggerName").asText();
            if (logger.matches("io\\.sequin\\.(engine|verify|postgres|source|loop)\\..*")) {
                JsonNode context = entry.path("mdc");
                assertThat(context.path("resource.kind").asText()).as(line).isIn("Sync", "Destination");
                assertThat(context.path("resource.namespace").asText()).as(line).isEqualTo(rig.namespace);
                assertThat(context.path("resource.name").asText()).as(line).startsWith("idle-");
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    private void assertNoSecret(PackagedOperator operator) {
        assertThat(String.join("\n", log(operator))).doesNotContain(password).doesNotContain(apiKey);
    }

    private static List<String> log(PackagedOperator operator) {
        try {
            return Files.readAllLines(operator.process().output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
