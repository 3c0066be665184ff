package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.app.config.SourcesConfig;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.testkit.proxy.FaultProxy;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is deleted goes, whatever is down, and takes along only what is ours. */
class DeletionIT {
    private static final String API_KEY = "sk_test_deletion";

    private OperatorRig rig;
    private FakeStripe stripe;
    private FaultProxy source;
    private OperatorApp app;

    @BeforeEach
    void start() {
        rig = new OperatorRig();
        stripe = FakeStripe.start();
        stripe.keys().add(ApiKey.secret(API_KEY, FakeStripe.ACCOUNT));
        stripe.data().seed(1, 40, 5, 60);
        URI direct = stripe.baseUri();
        source = FaultProxy.to(direct.getHost(), direct.getPort());
        app = operator("instance-1");
    }

    @AfterEach
    void stop() {
        app.close();
        source.close();
        stripe.close();
        rig.close();
    }

    private OperatorApp operator(String instance) {
        SourcesConfig config = new SourcesConfig(
                Map.of("stripe", URI.create("http://127.0.0.1:" + source.port())),
                48 << 20,
                Map.of("stripe", 4_000),
                Optional.empty());
        return rig.start(
                (credentials, known, clock, random, recorder) -> new PostgresLoopBodies(
                        config,
                        HttpConnections.of(Proxies.NONE, config.caFile()),
                        credentials,
                        known,
                        clock,
                        random,
                        recorder),
                instance);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true"})
    void aNamespacesObjectsDeletedInRandomOrderAreAllGoneInBoundedTime(long seed, boolean sourceHangs) {
        Random random = new Random(seed);
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant fine = new Tenant(rig, "fine");
                Tenant refusing = new Tenant(rig, "refusing");
                Tenant hanging = new Tenant(rig, "hanging")) {
            List<Tenant> tenants = List.of(fine, refusing, hanging);
            tenants.forEach(Tenant::apply);
            tenants.forEach(Tenant::awaitLive);
            refusing.proxy.refuse();
            refusing.proxy.cutAll();
            hanging.proxy.freeze();
            if (sourceHangs) {
                source.freeze();
            }

            deleteAll(random);

            // the collector's own edits may meet the operator's
            await().atMost(Duration.ofSeconds(90)).ignoreExceptions().untilAsserted(() -> {
                collectGarbage();
                assertThat(left()).isEmpty();
            });
            tenants.forEach(Tenant::assertOnlyOursWentAndWhatIsLeftIsTold);
        }
    }

    @Test
    void whatWasDeletedWhileNoOperatorRanIsDroppedByTheNextOne() {
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant tenant = new Tenant(rig, "down")) {
            tenant.apply();
            tenant.awaitLive();
            app.close();
            syncs().forEach(Resource::delete);
            assertThat(rig.sync("down-drop").isMarkedForDeletion()).isTrue();
            assertThat(rig.sync("down-keep")).isNull();
            assertThat(tenant.hasTable("drop")).isTrue();

            app = operator("instance-2");

            await().atMost(OperatorRig.PATIENCE).until(() -> rig.sync("down-drop") == null);
            assertThat(tenant.hasTable("drop")).isFalse();
            tenant.assertOnlyOursWentAndWhatIsLeftIsTold();
            await().atMost(OperatorRig.PATIENCE)
                    .until(() -> !rig.destination("down").hasFinalizer("sequin.io/in-use"));
        }
    }

    @Test
    void aDestinationInUseSaysByWhomAndGoesWithTheLastOne() {
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant tenant = new Tenant(rig, "used")) {
            tenant.apply();
            tenant.awaitLive();
            destinations().forEach(Resource::delete);
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() -> assertThat(rig.destinationCondition("used", "Ready"))
                            .isEqualTo("False/InUse"));
            assertThat(rig.destination("used").getStatus().conditions())
                    .anySatisfy(c -> assertThat(c.message()).contains("used-drop", "used-keep"));

            syncs().forEach(Resource::delete);

            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() -> assertThat(left()).containsExactly("Secret stripe", "Secret used"));
            assertThat(tenant.hasTable("drop")).isFalse();
        }
    }

    @Test
    void waitingForADatabaseIsToldAndRetainLetsGoAtOnce() {
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant tenant = new Tenant(rig, "wait")) {
            tenant.apply();
            tenant.awaitLive();
            rig.patchSync("wait-drop", "{\"deletionTimeout\":\"1h\"}");
            tenant.proxy.refuse();
            tenant.proxy.cutAll();
            syncs().forEach(Resource::delete);
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(rig.syncCondition("wait-drop", "Ready")).isEqualTo("False/Deleting"));
            // a connection that was there before breaks first
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() -> assertThat(rig.syncCondition("wait-drop", "SchemaReady"))
                            .isEqualTo("False/ConnectionRefused"));

            rig.patchSync("wait-drop", "{\"deletionPolicy\":\"Retain\"}");

            await().atMost(OperatorRig.PATIENCE).until(() -> rig.sync("wait-drop") == null);
            assertThat(tenant.hasTable("drop")).isTrue();
        }
    }

    @Test
    void aDatabaseThatComesBackInTimeLosesTheData() {
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant tenant = new Tenant(rig, "back")) {
            tenant.apply();
            tenant.awaitLive();
            rig.patchSync("back-drop", "{\"deletionTimeout\":\"1h\"}");
            tenant.proxy.refuse();
            tenant.proxy.cutAll();
            syncs().forEach(Resource::delete);
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(rig.syncCondition("back-drop", "Ready")).isEqualTo("False/Deleting"));

            tenant.proxy.heal();

            await().atMost(OperatorRig.PATIENCE).until(() -> rig.sync("back-drop") == null);
            assertThat(tenant.hasTable("drop")).isFalse();
        }
    }

    @Test
    void aTableTakenOutStaysAsItIsAndIsListedAsRetained() {
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant tenant = new Tenant(rig, "less")) {
            tenant.apply();
            tenant.awaitLive();
            String rows = tenant.value("select count(*) from less_keep.product");
            rig.patchSync("less-keep", "{\"tables\":{\"include\":[\"customer\", \"charge\"]}}");
            await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
                assertThat(rig.sync("less-keep").getStatus().retainedTables()).containsExactly("product");
                assertThat(rig.syncCondition("less-keep", "Ready")).isEqualTo("True/Live");
            });
            stripe.data().create(StripeObjectType.PRODUCT);
            await().atMost(OperatorRig.PATIENCE)
                    .until(() -> !tenant.value("select count(*) from less_drop.product")
                            .equals(rows));
            syncs().forEach(Resource::delete);
            await().atMost(OperatorRig.PATIENCE).until(() -> syncs().toList().isEmpty());
            assertThat(tenant.value("select count(*) from less_keep.product")).isEqualTo(rows);
        }
    }

    @Test
    void aSuspendedSyncThatNeverHadALoopLetsGoOfItsSchema() {
        rig.secret("stripe", Map.of("api-key", API_KEY));
        try (Tenant tenant = new Tenant(rig, "rest")) {
            tenant.apply();
            tenant.awaitLive();
            rig.patchSync("rest-keep", "{\"suspend\":true}");
            await().atMost(OperatorRig.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(rig.syncCondition("rest-keep", "Ready")).isEqualTo("True/Suspended"));
            app.close();
            app = operator("instance-2");
            // leads, and has looked at the Sync
            await().atMost(OperatorRig.PATIENCE).until(() -> {
                rig.patchSync("rest-drop", "{\"suspend\":true}");
                return rig.syncCondition("rest-drop", "Ready").equals("True/Suspended");
            });

            rig.admin
                    .resources(Sync.class)
                    .inNamespace(rig.namespace)
                    .withName("rest-keep")
                    .delete();

            await().atMost(OperatorRig.PATIENCE)
                    .until(() -> tenant.value("select owner->>'releasedAt' is not null from rest_keep._sync_writer")
                            .equals("t"));
        }
    }

    /** As the namespace's controller and a user do: every object once, in any order, some with foreground propagation. */
    private void deleteAll(Random random) {
        List<Resource<? extends HasMetadata>> all = new ArrayList<>();
        syncs().forEach(all::add);
        destinations().forEach(all::add);
        secrets().forEach(all::add);
        Collections.shuffle(all, random);
        all.forEach(object -> object.withPropagationPolicy(
                        random.nextBoolean() ? DeletionPropagation.FOREGROUND : DeletionPropagation.BACKGROUND)
                .delete());
    }

    /** The garbage collector's part, which this API server lacks: nothing here has dependents. */
    private void collectGarbage() {
        Stream.of(syncs(), destinations(), secrets()).flatMap(s -> s).forEach(at -> {
            HasMetadata object = at.get();
            if (object != null && object.hasFinalizer("foregroundDeletion")) {
                at.edit(o -> {
                    o.removeFinalizer("foregroundDeletion");
                    return o;
                });
            }
        });
    }

    @SuppressWarnings("unchecked")
    private <R extends HasMetadata> Stream<Resource<HasMetadata>> each(Class<R> kind) {
        return rig.admin.resources(kind).inNamespace(rig.namespace).resources().map(r -> (Resource<HasMetadata>) r);
    }

    private Stream<Resource<HasMetadata>> syncs() {
        return each(Sync.class);
    }

    private Stream<Resource<HasMetadata>> destinations() {
        return each(Destination.class);
    }

    private Stream<Resource<HasMetadata>> secrets() {
        return each(io.fabric8.kubernetes.api.model.Secret.class);
    }

    private List<String> left() {
        return Stream.of(syncs(), destinations(), secrets())
                .flatMap(s -> s)
                .map(Resource::get)
                .filter(o -> o != null)
                .map(o -> o.getKind() + " " + o.getMetadata().getName())
                .sorted()
                .toList();
    }
}
