package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.api.v1alpha1.CaSource;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.Instruction;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.Tls;
import io.sequin.api.v1alpha1.TlsMode;
import io.sequin.app.config.LeaseConfig;
import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.truth.TableTruth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged operator as a process, with its ServiceAccount's rights, a real Postgres and the fake Stripe. */
class PackagedOperatorIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String[] LONG_LEASE = {
        "--lease-duration=180s", "--lease-renew-deadline=120s", "--lease-retry-period=500ms"
    };

    @TempDir
    private Path scratch = Path.of("replaced");

    private final PostgresServer postgres = PostgresServer.shared(15);
    private final String user = "packaged_" + UUID.randomUUID().toString().substring(0, 8);
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
        stripe.data().seed(3, 200, 20, 300);
        database = postgres.createDatabase("packaged");
        postgres.createRole(user, password);
        rig.secret("stripe", Map.of("api-key", apiKey));
        rig.secret("db", Map.of("username", user, "password", password));
        rig.secret("ca", Map.of("ca.crt", postgres.authority().pem()));
    }

    @AfterEach
    void stop() {
        stripe.close();
        rig.close();
    }

    private PackagedOperator operator(String... more) {
        List<String> arguments = Stream.concat(
                        Stream.of(
                                "--namespaces=" + rig.namespace,
                                "--lease-namespace=" + rig.system,
                                "--source-endpoint=stripe=" + stripe.baseUri(),
                                "--source-rate=stripe=4000",
                                "--log-level=trace"),
                        Stream.of(more))
                .toList();
        return PackagedOperator.start(
                OperatorRig.jar(), rig.kubeconfig, scratch, List.of("-XX:+UseSerialGC", "-Xmx160m"), arguments);
    }

    private void apply() {
        Destination destination = new Destination();
        destination.getMetadata().setNamespace(rig.namespace);
        destination.getMetadata().setName("db");
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
        rig.sync("shop", "db");
        rig.patchSync("shop", "{\"pollInterval\":\"1s\"}");
    }

    private void destinationIs(String expected, Duration within) {
        await().atMost(within)
                .untilAsserted(() ->
                        assertThat(rig.destinationCondition("db", "Ready")).isEqualTo(expected));
    }

    private void syncIs(String type, String expected) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rig.syncCondition("shop", type)).isEqualTo(expected));
    }

    private void grantAsTold() throws SQLException {
        destinationIs("False/MissingGrants", PATIENCE);
        syncIs("DestinationReady", "False/DestinationNotReady");
        assertThat(rig.syncCondition("shop", "Stalled")).isEmpty();
        try (Connection connection = postgres.superuser(database);
                Statement statement = connection.createStatement()) {
            for (Instruction told : rig.destination("db").getStatus().instructions()) {
                statement.execute(told.sql());
            }
        }
        destinationIs("True/Verified", PATIENCE);
    }

    private String holder() {
        Lease lease = rig.admin
                .leases()
                .inNamespace(rig.system)
                .withName(LeaseConfig.NAME)
                .get();
        return lease.getSpec().getHolderIdentity();
    }

    private void contentEqualsTheSource() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (Connection connection = postgres.superuser(database)) {
                for (StripeObjectType type : StripeObjectType.core()) {
                    assertThat(TableTruth.differences(
                                    connection,
                                    "shop",
                                    type.wireName(),
                                    stripe.data().truth(type)))
                            .isEmpty();
                }
            }
        });
    }

    @Test
    void fromNothingToReadyThenChangesArriveAndSuspendStopsThem() throws Exception {
        try (PackagedOperator operator = operator()) {
            apply();
            grantAsTold();
            syncIs("Ready", "True/Live");
            syncIs("BackfillComplete", "True/Complete");
            contentEqualsTheSource();
            stripe.data().churn(new Random(5), 50);
            contentEqualsTheSource();
            syncIs("UpToDate", "True/Live");
            assertThat(operator.metrics()).contains("sequin_sync_lag_seconds");

            rig.patchSync("shop", "{\"suspend\":true}");
            syncIs("Ready", "True/Suspended");
            long asked = stripe.requests().total();
            pause(5);
            assertThat(stripe.requests().total()).isEqualTo(asked);

            operator.process().terminate();
            assertThat(operator.process().waitFor(PATIENCE)).hasValue(0);
            assertNothingLeaked(operator.process());
        }
    }

    @Test
    void aRotatedPasswordIsTakenUpWithoutARestart() throws Exception {
        try (PackagedOperator operator = operator()) {
            apply();
            grantAsTold();
            syncIs("Ready", "True/Live");
            rig.secret("db", Map.of("username", user, "password", "wrong"));
            destinationIs("False/AuthenticationFailed", PATIENCE);
            rig.secret("db", Map.of("username", user, "password", password));
            destinationIs("True/Verified", PATIENCE);
            syncIs("Ready", "True/Live");
            assertThat(operator.process().isAlive()).isTrue();
        }
    }

    @Test
    void onSigtermTheLeaseIsFreeAndAnotherTakesOver() throws Exception {
        try (PackagedOperator first = operator(LONG_LEASE)) {
            apply();
            grantAsTold();
            syncIs("Ready", "True/Live");
            try (PackagedOperator second = operator(LONG_LEASE)) {
                await().atMost(PATIENCE).until(() -> second.metrics().contains("sequin_leader 0.0"));
                first.process().terminate();
                assertThat(first.process().waitFor(PATIENCE)).hasValue(0);
                // sooner than the Lease would end by itself
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> second.metrics().contains("sequin_leader 1.0"));
                stripe.data().churn(new Random(6), 20);
                contentEqualsTheSource();
                second.process().terminate();
                assertThat(second.process().waitFor(PATIENCE)).hasValue(0);
            }
        }
        Lease lease = rig.admin
                .leases()
                .inNamespace(rig.system)
                .withName(LeaseConfig.NAME)
                .get();
        assertThat(lease.getSpec().getHolderIdentity()).isEmpty();
        assertThat(rig.requests()).extracting(e -> e.code()).isNotEmpty().doesNotContain(403);
    }

    @Test
    void whoLosesTheLeaseEndsWithAnError() throws Exception {
        try (PackagedOperator operator = operator()) {
            await().atMost(PATIENCE).until(() -> operator.metrics().contains("sequin_leader 1.0"));
            rig.admin
                    .leases()
                    .inNamespace(rig.system)
                    .withName(LeaseConfig.NAME)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"holderIdentity\":\"somebody else\",\"leaseDurationSeconds\":3600}}");
            assertThat(operator.process().waitFor(PATIENCE)).hasValue(1);
            assertThat(holder()).isEqualTo("somebody else");
        }
    }

    @Test
    void anUnknownFlagEndsItWithAMessage() throws Exception {
        try (PackagedOperator operator = operator("--colour=blue")) {
            assertThat(operator.process().waitFor(PATIENCE)).hasValue(2);
            assertThat(String.join("\n", operator.process().tail(5))).contains("--colour=blue");
        }
    }

    private static void pause(int seconds) {
        await().pollDelay(Duration.ofSeconds(seconds)).atMost(PATIENCE).until(() -> true);
    }

    /** At log level TRACE. */
    private void assertNothingLeaked(JavaProcess process) throws IOException {
        assertThat(Files.readString(process.output())).doesNotContain(password).doesNotContain(apiKey);
        String objects = rig.admin
                .getKubernetesSerialization()
                .asJson(rig.admin
                        .resources(Sync.class)
                        .inNamespace(rig.namespace)
                        .list());
        assertThat(objects).doesNotContain(password).doesNotContain(apiKey);
    }
}
