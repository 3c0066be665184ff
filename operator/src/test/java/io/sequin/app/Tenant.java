package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.proxy.FaultProxy;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A database behind a proxy, its Destination, a Sync whose data stays and one whose data goes. */
final class Tenant implements AutoCloseable {
    final FaultProxy proxy;
    private final OperatorRig rig;
    private final String name;
    private final PostgresServer server = PostgresServer.shared(15);
    private final String database;
    private final String password = UUID.randomUUID().toString();

    Tenant(OperatorRig rig, String name) {
        this.rig = rig;
        this.name = name;
        this.proxy = FaultProxy.to(server.host(), server.port());
        this.database = server.createDatabase("deletion");
        server.createRole(database + "_sync", password);
        run("grant connect, create on database \"" + database + "\" to \"" + database + "_sync\"");
    }

    void apply() {
        rig.secret(name, Map.of("username", database + "_sync", "password", password));
        create("Destination", name, """
                {"postgres": {"credentialsSecretRef": {"name": "%s"}, "host": "127.0.0.1", "port": %d,
                 "database": "%s", "tls": {"mode": "disable"}}}""".formatted(name, proxy.port(), database));
        sync("keep", "Retain");
        sync("drop", "Delete");
    }

    private void sync(String what, String policy) {
        create("Sync", name + "-" + what, """
                {"destinationRef": {"name": "%s"}, "schema": "%s", "pollInterval": "1s",
                 "tables": {"include": ["customer", "product", "charge"]},
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}},
                 "deletionPolicy": "%s", "deletionTimeout": "10s"}""".formatted(name, schema(what), policy));
    }

    private void create(String kind, String called, String spec) {
        GenericKubernetesResource object = rig.admin
                .getKubernetesSerialization()
                .unmarshal("""
                        {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, called, rig.namespace, spec), GenericKubernetesResource.class);
        rig.admin.resource(object).create();
    }

    private String schema(String what) {
        return name + "_" + what;
    }

    /** Both Syncs have filled their tables; somebody else's view and table are beside them. */
    void awaitLive() {
        for (String what : List.of("keep", "drop")) {
            await(name)
                    .atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() -> assertThat(rig.syncCondition(name + "-" + what, "BackfillComplete"))
                            .isEqualTo("True/Complete"));
        }
        run("create schema reporting; create view reporting.mine as select id from " + schema("drop") + ".product;"
                + " create table " + schema("drop") + ".foreign_note (n integer);"
                + " create table " + schema("keep") + ".foreign_note (n integer)");
    }

    boolean hasTable(String what) {
        return value("select to_regclass('" + schema(what) + ".charge') is not null")
                .equals("t");
    }

    void assertOnlyOursWentAndWhatIsLeftIsTold() {
        assertThat(value("select count(*) from reporting.mine")).isNotEqualTo("0");
        assertThat(value("select count(*) from " + schema("drop") + ".foreign_note"))
                .isEqualTo("0");
        assertThat(value("select count(*) from " + schema("keep") + ".foreign_note"))
                .isEqualTo("0");
        assertThat(hasTable("keep")).isTrue();
        List<String> told = rig.admin.events().v1().events().inNamespace(rig.namespace).list().getItems().stream()
                .filter(e -> e.getReason().equals("SchemaLeftBehind"))
                .filter(e -> e.getRegarding().getName().equals(name + "-drop"))
                .map(Event::getNote)
                .toList();
        assertThat(told).as(name).hasSize(1);
        if (hasTable("drop")) {
            assertThat(told.getFirst()).contains("drop schema \"" + schema("drop") + "\";", "is left behind");
        } else {
            assertThat(told.getFirst()).contains("view reporting.mine", "drop table \"" + schema("drop") + "\".");
        }
    }

    String value(String sql) {
        try (var connection = server.superuser(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void run(String sql) {
        try (var connection = server.superuser(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        proxy.close();
    }
}
