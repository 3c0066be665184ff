package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.api.v1alpha1.CaSource;
import io.sequin.api.v1alpha1.ConfigMapKeyRef;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.ServerStatus;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.Tls;
import io.sequin.api.v1alpha1.TlsMode;
import io.sequin.app.config.SourcesConfig;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.postgres.Identifier;
import io.sequin.testkit.postgres.CertificateAuthority;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Destinations on a real API server and a real Postgres, verified once an hour unless something happens. */
class DestinationLifeIT {
    private static final PostgresServer POSTGRES = PostgresServer.shared(18);
    private static final String PASSWORD = "life";
    private static OperatorRig rig;
    private static OperatorApp app;

    @BeforeAll
    static void start() {
        rig = new OperatorRig();
        app = rig.start(
                (credentials, known, clock, random, recorder) -> new PostgresLoopBodies(
                        new SourcesConfig(Map.of(), 48 << 20, Map.of(), Optional.empty()),
                        HttpConnections.of(Proxies.NONE, Optional.empty()),
                        credentials,
                        known,
                        clock,
                        random,
                        recorder),
                "destinations");
    }

    @AfterAll
    static void stop() {
        app.close();
        rig.close();
    }

    @Test
    void theAnnotationVerifiesNowAndOncePerValue() throws Exception {
        String database = database("asked");
        create("asked", database, null);
        waitFor("asked", "Ready", "True/Verified");
        long before = sessions(database);
        superuser("revoke create on database " + database + " from " + database);

        request("asked", "one");
        waitFor("asked", "Ready", "False/MissingGrants");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(sessions(database)).isGreaterThan(before));
        superuser("grant create on database " + database + " to " + database);
        request("asked", "two");
        waitFor("asked", "Ready", "True/Verified");

        long after = settled(database);
        request("asked", "two");
        label("asked");
        TimeUnit.SECONDS.sleep(3);
        assertThat(sessions(database)).as("the same value is no new request").isEqualTo(after);
    }

    /** Postgres counts a session a moment after it has ended. */
    private static long settled(String database) {
        long[] last = {-1};
        await().atMost(OperatorRig.PATIENCE).pollInterval(2, TimeUnit.SECONDS).until(() -> {
            long before = last[0];
            last[0] = sessions(database);
            return before == last[0];
        });
        return last[0];
    }

    @Test
    void theAnnotationKeepsToTheLimitOfRefusedLoginsAndTheMessageSaysWhenTheNextIsTried() throws Exception {
        String database = database("limited");
        rig.secret("limited", Map.of("username", database, "password", "wrong"));
        create("limited", database, null);
        waitFor("limited", "Ready", "False/AuthenticationFailed");
        int[] request = {0};
        await().atMost(OperatorRig.PATIENCE).pollInterval(1, TimeUnit.SECONDS).untilAsserted(() -> {
            request("limited", "n" + request[0]++);
            assertThat(message("limited")).containsPattern("The next one is tried at \\d{4}-\\d\\d-\\d\\dT[0-9:]+Z");
        });
        assertThat(POSTGRES.log().lines().filter(line -> line.contains("failed for user \"" + database + "\"")))
                .hasSize(5);
    }

    @Test
    void theAuthorityOfAConfigMapIsUsedAndARotationIsNoticed() throws Exception {
        String database = database("trust");
        create(
                "trust",
                database,
                new Tls(TlsMode.VERIFY_FULL, new CaSource(null, new ConfigMapKeyRef("db-ca", "ca.crt"))));
        waitFor("trust", "CredentialsResolved", "False/ConfigMapNotFound");
        configMap("else", POSTGRES.authority().pem());
        waitFor("trust", "CredentialsResolved", "False/ConfigMapKeyMissing");
        configMap("ca.crt", CertificateAuthority.create("another").pem());
        waitFor("trust", "Connected", "False/CertificateUntrusted");
        configMap("ca.crt", POSTGRES.authority().pem());
        waitFor("trust", "Ready", "True/Verified");
        configMap("ca.crt", CertificateAuthority.create("third").pem());
        waitFor("trust", "Ready", "False/CertificateUntrusted");
    }

    @Test
    void statusShowsWhatWasFoundNotWhatWasAskedFor() throws Exception {
        String database = database("found");
        create("found", database, new Tls(TlsMode.PREFER, null));
        waitFor("found", "Ready", "True/Verified");
        ServerStatus server = server("found");
        assertThat(server.version()).startsWith("18.");
        assertThat(server.tls()).isEqualTo("TLSv1.3");
        assertThat(server.user()).isEqualTo(database);
        assertThat(server.address()).isEqualTo("127.0.0.1:" + POSTGRES.port());
        assertThat(server.readOnly()).isFalse();
        assertThat(Conditions.find(rig.destination("found").getStatus().conditions(), "Connected")
                        .orElseThrow()
                        .message())
                .contains("encrypted but not authenticated");

        edit("found", new Tls(TlsMode.DISABLE, null));
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(server("found").tls()).isEqualTo("off"));
    }

    @Test
    void theSyncsOfADestinationAreCounted() throws Exception {
        create("counted", database("counted"), null);
        rig.sync("counted-one", "counted");
        rig.sync("counted-two", "counted");
        waitForSyncs("counted", 2);
        rig.admin
                .resources(Sync.class)
                .inNamespace(rig.namespace)
                .withName("counted-one")
                .delete();
        waitForSyncs("counted", 1);
    }

    /** A database whose owner has its name, and the Secret that goes with it. */
    private static String database(String name) throws SQLException {
        String database = POSTGRES.createDatabase("life");
        POSTGRES.createRole(database, PASSWORD);
        superuser("grant create on database " + Identifier.quote(database) + " to " + Identifier.quote(database));
        rig.secret(name, Map.of("username", database, "password", PASSWORD));
        return database;
    }

    private static void create(String name, String database, @Nullable Tls tls) {
        Destination destination = new Destination();
        destination.getMetadata().setNamespace(rig.namespace);
        destination.getMetadata().setName(name);
        destination.setSpec(spec(name, database, tls == null ? new Tls(TlsMode.DISABLE, null) : tls));
        rig.admin.resource(destination).create();
    }

    private static DestinationSpec spec(String secret, String database, Tls tls) {
        return new DestinationSpec(
                new PostgresSpec(
                        new CredentialsSecretRef(secret, null, null),
                        "localhost",
                        POSTGRES.port(),
                        database,
                        tls,
                        null),
                "1h");
    }

    private static void edit(String name, Tls tls) {
        rig.admin
                .resources(Destination.class)
                .inNamespace(rig.namespace)
                .withName(name)
                .edit(destination -> {
                    destination.setSpec(spec(
                            name,
                            Objects.requireNonNull(destination.getSpec().postgres())
                                    .database(),
                            tls));
                    return destination;
                });
    }

    private static void request(String name, String value) {
        patch(name, "{\"metadata\":{\"annotations\":{\"" + LoopEvents.REQUESTED_AT + "\":\"" + value + "\"}}}");
    }

    private static void label(String name) {
        patch(name, "{\"metadata\":{\"labels\":{\"some\":\"label\"}}}");
    }

    private static void patch(String name, String json) {
        rig.admin
                .resources(Destination.class)
                .inNamespace(rig.namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    private static void configMap(String key, String pem) {
        rig.admin
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(rig.namespace)
                        .withName("db-ca")
                        .endMetadata()
                        .withData(Map.of(key, pem))
                        .build())
                .createOr(existing -> existing.update());
    }

    private static void waitFor(String name, String type, String expected) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(
                        () -> assertThat(rig.destinationCondition(name, type)).isEqualTo(expected));
    }

    private static void waitForSyncs(String name, long syncs) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(rig.destination(name).getStatus().syncs()).isEqualTo(syncs));
    }

    private static ServerStatus server(String name) {
        return Objects.requireNonNull(rig.destination(name).getStatus().server(), "status.server");
    }

    private static String message(String name) {
        return String.valueOf(Conditions.find(rig.destination(name).getStatus().conditions(), "Ready")
                .orElseThrow()
                .message());
    }

    /** How often anybody has logged in to a database. */
    private static long sessions(String database) throws SQLException {
        try (Connection connection = POSTGRES.superuser("postgres");
                PreparedStatement question =
                        connection.prepareStatement("select sessions from pg_stat_database where datname = ?")) {
            question.setString(1, database);
            try (ResultSet row = question.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void superuser(String sql) throws SQLException {
        try (Connection connection = POSTGRES.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
