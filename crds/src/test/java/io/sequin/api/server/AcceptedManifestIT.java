package io.sequin.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedManifestIT {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.withNamespace("accepted");
    }

    static List<Path> samples() {
        try (Stream<Path> files = Files.walk(Cluster.CONFIG.resolve("samples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsAcceptedAsItStands(Path file) {
        List<HasMetadata> objects = cluster.read(file);

        assertThat(objects)
                .isNotEmpty()
                .allSatisfy(object -> assertThat(
                                cluster.create(object).getMetadata().getUid())
                        .isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"db", "db.example.com", "db.example.com.", "db_1.internal", "10.0.0.1", "'2001:db8::1'", "'::1'"
            })
    void aHostIsANameOrAnAddress(String host) {
        assertAccepted(Manifests.destination(name(host), "host", host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'db:5432'",
                "'[::1]'",
                "db.example.com/app",
                "user@db",
                "' db'",
                "'db '",
                "-db",
                "db-",
                "/var/run/postgresql",
                "'db,db2'"
            })
    void aHostIsNothingElse(String host) {
        assertThatThrownBy(() -> cluster.create(cluster.parse(Manifests.destination("no", "host", host))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("host must be a host name or an IP address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "1000ms", "30s", "1h30m", "1.5h", "72h", "999999h999999h"})
    void aPollIntervalIsWrittenAsInGo(String interval) {
        assertAccepted(Manifests.sync(name(interval), "pollInterval", interval));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "999ms", "0.9s", "'30'", "30S", "1d", "'30 s'", "soon", "'+30s'", "99999999h"})
    void aPollIntervalIsAtLeastASecond(String interval) {
        assertThatThrownBy(() -> cluster.create(cluster.parse(Manifests.sync("no", "pollInterval", interval))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("pollInterval must be a duration of at least 1s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10s", "10000ms", "60s", "24h"})
    void aVerifyIntervalIsAtLeastTenSeconds(String interval) {
        assertAccepted(Manifests.destination(name("v" + interval), "verifyInterval", interval));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s",
                "Stripe",
                "stripe data",
                "zahlungen_für_müller",
                "üüüüüüüüüüüüüüüüüüüüüüüüüüüüü",
                "ssssssssssssssssssssssssssssssssssssssssssssssssssssssssss",
                "swap",
                "publicity",
                "apg_x",
                "'a\"b'"
            })
    void aSchemaNameIsCountedInBytesAndMayHaveUmlauts(String schema) {
        assertAccepted(Manifests.sync(name(schema), "schema", schema));
    }

    @ParameterizedTest
    @ValueSource(strings = {"üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü", "'my app'", "postgres"})
    void aDatabaseNameIsCountedInBytesAndMayHaveUmlauts(String database) {
        assertAccepted(Manifests.destination(name("d" + database), "database", database));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{mode: disable}",
                "{mode: allow}",
                "{mode: prefer}",
                "{mode: require}",
                "{mode: verify-full}",
                "{caFrom: {secretKeyRef: {name: db-ca, key: ca.crt}}}",
                "{mode: allow, caFrom: {configMapKeyRef: {name: db-ca, key: ca.crt}}}",
                "{mode: require, caFrom: {configMapKeyRef: {name: db-ca, key: ca.crt}}}",
                "{mode: verify-ca, caFrom: {configMapKeyRef: {name: kube-root-ca.crt, key: ca.crt}}}",
                "{mode: verify-full, caFrom: {secretKeyRef: {name: db-ca, key: ca.crt}}}"
            })
    void everyTlsModeOfLibpqIsAccepted(String tls) {
        assertAccepted(Manifests.destination(name(tls), "tls", tls));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "5", "100"})
    void aDestinationHasTwoToAHundredConnections(String connections) {
        assertAccepted(Manifests.destination(name("c" + connections), "maxConnections", connections));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tables: {include: [customer]}",
                "tables: {newColumns: Add}",
                "tables: {exclude: [customer], newColumns: Ignore}",
                "tables: {exclude: [customer, charge]}",
                "rateLimit: {requests: 1}",
                "rateLimit: {requests: 100000, interval: 24h}",
                "rateLimit: {maxConcurrent: 100}",
                "rateLimit: {quotaPercent: 1}",
                "deletes: Hard",
                "deletes: Soft",
                "resync: {token: '2026-11-22'}",
                "resync: {token: t, tables: [charge, customer]}",
                "deleteGuard: {maxPercent: 0}",
                "deleteGuard: {maxPercent: 100, confirm: charge-7f3a}",
                "deleteGuard: {confirm: charge-7f3a}",
                "{deletionPolicy: Delete, deletionTimeout: 10s}",
                "{deletionPolicy: Retain, deletionTimeout: 24h}",
                "source: {stripe: {apiKeySecretRef: {name: s, key: k}, account: acct_1, startDate: '2024-02-29'}}"
            })
    void whatASyncMaySayBeside(String fields) {
        HasMetadata sync = cluster.parse(Manifests.sync(name(fields)));
        GenericKubernetesResource more =
                Serialization.unmarshal("spec: " + fields(fields), GenericKubernetesResource.class);
        Map<String, Object> spec = ((GenericKubernetesResource) sync).get("spec");
        spec.putAll(more.<Map<String, Object>>get("spec"));
        assertThat(cluster.create(sync).getMetadata().getUid()).isNotBlank();
    }

    private static String fields(String text) {
        return text.startsWith("{") ? text : "{" + text + "}";
    }

    private static void assertAccepted(String yaml) {
        HasMetadata created = cluster.create(cluster.parse(yaml));
        assertThat(created.getMetadata().getUid()).isNotBlank();
    }

    /** A name for the object that carries this value. */
    private static String name(String value) {
        return "x" + Integer.toUnsignedString(value.hashCode(), 36);
    }
}
