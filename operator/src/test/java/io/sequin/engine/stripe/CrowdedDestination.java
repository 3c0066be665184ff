package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.Thoroughness;
import io.sequin.WideBudgets;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.data.StorageMemory;
import io.sequin.data.WriteRules;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.engine.loop.SyncLoops;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.loop.LoopListener;
import io.sequin.loop.SupervisedLoops;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.TestLogin;
import io.sequin.postgres.load.CommitListener;
import io.sequin.postgres.load.session.PostgresSessions;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The whole engine between a fake Stripe and one database, with many Syncs, each to a schema of its own. */
final class CrowdedDestination implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);
    /** A statement may take longer than all others need, on a busy machine, to show that they don't wait for it. */
    private static final WriteTimeouts PATIENT =
            new WriteTimeouts(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(6));

    final FakeStripe stripe = FakeStripe.start();
    final TestLogin login;
    final List<Throwable> crashes = new CopyOnWriteArrayList<>();
    /** What any Sync ever said of the Destination. */
    final Set<Problem> troubles = ConcurrentHashMap.newKeySet();

    private final Map<String, SyncPlan> plans;
    private final HttpConnections http = HttpConnections.of(Proxies.NONE, Optional.empty());
    private final SupervisedLoops<ResourceKey, SyncPlan, SyncSnapshot> loops;

    CrowdedDestination(int major, int syncs) throws SQLException {
        login = new TestLogin(Thoroughness.server(major), UUID.randomUUID().toString());
        login.secrets.put("api-key", FakeStripe.TEST_KEY);
        login.asSuperuser("grant create, temporary on database " + Identifier.quote(login.database) + " to "
                + Identifier.quote(login.user));
        plans = IntStream.range(0, syncs)
                .mapToObj(i -> "stripe_" + i)
                .collect(Collectors.toMap(schema -> schema, this::plan));
        loops = new SupervisedLoops<>(new SyncLoops(parts()), () -> true, new Listener(), StripeParts.loops());
    }

    private SyncPlan plan(String schema) {
        HostPort address = new HostPort(login.server.host(), login.server.port());
        ResourceKey key = new ResourceKey("team", schema, "uid-" + schema);
        return new StripePlans(key, login.database, address, schema, "{}", WriteRules.USUAL).of(POLL);
    }

    private EngineParts parts() {
        EngineSettings settings = StripeParts.settings(EngineSettings.defaults().renewal());
        return new StripeParts(login.secrets, http, stripe.baseUri(), WideBudgets.create())
                .of(
                        new PostgresSessions(login.databases, PATIENT, CommitListener.NONE),
                        () -> StorageMemory.NONE,
                        new ByteBudget(64 << 20),
                        settings);
    }

    /** The Syncs' schemas. */
    Set<String> schemas() {
        return new TreeSet<>(plans.keySet());
    }

    /** What all Syncs have in common. */
    PostgresSettings settings() {
        return plans.values().iterator().next().destination();
    }

    /** All Syncs at once. */
    void start() {
        plans.values().forEach(plan -> loops.apply(plan.owner().sync(), plan));
    }

    void awaitLive(Duration patience) {
        await("every table of every Sync is live")
                .atMost(patience)
                .untilAsserted(() -> assertThat(plans.values().stream()
                                .map(plan -> plan.owner().sync())
                                .filter(key -> loops.snapshot(key)
                                        .filter(CrowdedDestination::isLive)
                                        .isEmpty()))
                        .isEmpty());
    }

    private static boolean isLive(SyncSnapshot snapshot) {
        return !snapshot.tables().isEmpty()
                && snapshot.tables().stream().allMatch(table -> table.state() == TableState.LIVE);
    }

    /** Waits until these schemas equal the source; nothing changes there meanwhile. */
    void awaitTruth(Collection<String> schemas, Duration patience) {
        Map<StripeObjectType, Map<String, JsonNode>> truth = new HashMap<>();
        StripeObjectType.core().forEach(type -> truth.put(type, stripe.data().truth(type)));
        Set<String> behind = new TreeSet<>(schemas);
        await("schemas that equal the source")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    try (Connection superuser = login.server.superuser(login.database)) {
                        for (String schema : Set.copyOf(behind)) {
                            if (equal(superuser, schema, truth)) {
                                behind.remove(schema);
                            }
                        }
                    }
                    assertThat(behind).as("behind the source").isEmpty();
                });
    }

    private static boolean equal(
            Connection superuser, String schema, Map<StripeObjectType, Map<String, JsonNode>> truth)
            throws SQLException {
        for (Map.Entry<StripeObjectType, Map<String, JsonNode>> of : truth.entrySet()) {
            if (!TableTruth.differences(superuser, schema, of.getKey().wireName(), of.getValue())
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private final class Listener implements LoopListener<ResourceKey> {
        @Override
        public void changed(ResourceKey changed) {
            loops.snapshot(changed).flatMap(SyncSnapshot::destination).ifPresent(troubles::add);
        }

        @Override
        public void crashed(ResourceKey of, Throwable error, int consecutive) {
            crashes.add(error);
        }
    }

    /** As the end of the operator's process: no loop and no pool is left. */
    void stop() {
        loops.close();
        login.close();
    }

    @Override
    public void close() {
        stop();
        stripe.close();
    }
}
