package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.Thoroughness;
import io.sequin.WideBudgets;
import io.sequin.data.DeleteGuard;
import io.sequin.data.HostPort;
import io.sequin.data.ResourceKey;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.StorageMemory;
import io.sequin.data.TableSelection;
import io.sequin.data.WriteRules;
import io.sequin.engine.Removal;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.engine.loop.SyncLoops;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.loop.StopReason;
import io.sequin.loop.SupervisedLoops;
import io.sequin.network.DirectDialer;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.postgres.Connector;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PooledDatabases;
import io.sequin.postgres.SecretsInMemory;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.load.CommitListener;
import io.sequin.postgres.load.session.PostgresSessions;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.source.RequestGates;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.proxy.FaultProxy;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import io.sequin.testkit.truth.TableTruth;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** The whole engine between a fake Stripe and a real Postgres, with a proxy before the database. */
final class StripeSync implements AutoCloseable {
    static final String SCHEMA = "stripe it";
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration RENEWAL = EngineSettings.defaults().renewal();
    private static final EngineSettings SETTINGS = StripeParts.settings(RENEWAL);
    private static final WriteTimeouts USUAL = WriteTimeouts.standard();

    final FakeStripe stripe = FakeStripe.start();
    final PostgresServer server;
    final FaultProxy proxy;
    final String database;
    final SecretsInMemory secrets = new SecretsInMemory();
    final AtomicBoolean permit = new AtomicBoolean(true);
    final List<Throwable> crashes = new CopyOnWriteArrayList<>();
    /** Settings of the source, as JSON. */
    volatile String source = "{}";

    volatile WriteRules rules = WriteRules.USUAL;

    /** What is remembered of the data set. */
    volatile StorageMemory known = StorageMemory.NONE;

    final ByteBudget budget = new ByteBudget(8 << 20);

    private HostPort address;
    private final String user = "engine_it_" + UUID.randomUUID().toString().substring(0, 8);
    private final String password = UUID.randomUUID().toString();
    private final DirectDialer dialer = new DirectDialer();
    private final PooledDatabases databases;
    private final HttpConnections http = HttpConnections.of(Proxies.NONE, Optional.empty());
    private final ResourceKey key = new ResourceKey("team", "stripe", "uid-1");
    private final SupervisedLoops<ResourceKey, SyncPlan, SyncSnapshot> loops;

    StripeSync(int major) {
        this(major, WideBudgets.create());
    }

    /** With what an account of the source may be asked. */
    StripeSync(int major, RequestGates budgets) {
        this(Thoroughness.server(major), budgets, SETTINGS);
    }

    /** With connections and transactions that wait so long only. */
    StripeSync(PostgresServer server, Timeouts timeouts, WriteTimeouts writes) {
        this(server, server.createDatabase("engine_it"), WideBudgets.create(), timeouts, writes, SETTINGS);
    }

    /** On a server that the test may stop. */
    StripeSync(PostgresServer server) {
        this(server, RENEWAL);
    }

    /** With a claim that is renewed so often. */
    StripeSync(PostgresServer server, Duration renewal) {
        this(server, WideBudgets.create(), StripeParts.settings(renewal));
    }

    private StripeSync(PostgresServer server, RequestGates budgets, EngineSettings settings) {
        this(server, server.createDatabase("engine_it"), budgets, Timeouts.USUAL, USUAL, settings);
    }

    /** Into a database that stores no characters beyond Latin-1; a first pass of fewer than 500 rows is one batch. */
    static StripeSync latin1(int major) {
        PostgresServer server = Thoroughness.server(major);
        String database = server.createDatabase("engine_it", "LATIN1");
        return new StripeSync(
                server, database, WideBudgets.create(), Timeouts.USUAL, USUAL, StripeParts.settings(RENEWAL, SOON));
    }

    private StripeSync(
            PostgresServer server,
            String database,
            RequestGates budgets,
            Timeouts timeouts,
            WriteTimeouts writes,
            EngineSettings settings) {
        this.server = server;
        this.database = database;
        proxy = FaultProxy.to(server.host(), server.port());
        address = new HostPort(proxy.host(), proxy.port());
        server.createRole(user, password);
        sql("grant connect, create, temporary on database " + Identifier.quote(database) + " to "
                + Identifier.quote(user));
        secrets.put("username", user);
        secrets.put("password", password);
        secrets.put("api-key", FakeStripe.TEST_KEY);
        databases = new PooledDatabases(new Connector(dialer, secrets, InstantSource.system()), timeouts);
        loops = new SupervisedLoops<>(
                new SyncLoops(parts(budgets, writes, settings)),
                permit::get,
                new Crashes(crashes),
                StripeParts.loops());
    }

    private EngineParts parts(RequestGates budgets, WriteTimeouts writes, EngineSettings settings) {
        return new StripeParts(secrets, http, stripe.baseUri(), budgets)
                .of(new PostgresSessions(databases, writes, CommitListener.NONE), () -> known, budget, settings);
    }

    private StripePlans plans() {
        return new StripePlans(key, database, address, SCHEMA, source, rules);
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    /** By another way than {@link #proxy}; before the start. */
    void through(String host, int port) {
        address = new HostPort(host, port);
    }

    /** A deleted Sync: its data is dropped, without waiting between tries. */
    void drop() {
        loops.apply(key, plans().of(StripePlans.POLL).with(SyncPlan.Work.DROP));
        await("the data is dropped").atMost(SOON).until(() -> {
            loops.wake(key);
            return loops.snapshot(key)
                    .flatMap(SyncSnapshot::removal)
                    .filter(Removal.Done.class::isInstance)
                    .isPresent();
        });
    }

    /** With every table that Stripe has; the others are with three. */
    void startAll(Duration poll) {
        loops.apply(key, plans().of(poll, TableSelection.ALL));
    }

    void start() {
        loops.apply(key, plans().of(StripePlans.POLL));
    }

    /** A changed plan: the running loop ends, another one takes its place. */
    void restart(Duration poll) {
        loops.apply(key, plans().of(poll));
    }

    /** The tables of {@link #start} again, with a re-sync. */
    void resync(String token, DeleteGuard guard, String... tables) {
        ResyncPlan resync = new ResyncPlan(Optional.of(new ResyncRequest(token, Set.of(tables))), guard);
        loops.apply(key, plans().of(StripePlans.POLL).with(resync));
    }

    /** A changed plan. */
    void apply(TableSelection selection, ResyncPlan resync) {
        loops.apply(key, plans().of(StripePlans.POLL, selection).with(resync));
    }

    void remove() {
        loops.remove(key, StopReason.REMOVED);
        await().atMost(SOON).until(() -> loops.keys().isEmpty());
    }

    void wake() {
        loops.wake(key);
    }

    /** The newest snapshot once one is as wanted. */
    SyncSnapshot awaitSnapshot(String what, Predicate<SyncSnapshot> wanted) {
        await(what)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(loops.snapshot(key)).get().matches(wanted, what));
        return loops.snapshot(key).orElseThrow();
    }

    SyncSnapshot awaitLive() {
        return awaitSnapshot(
                "every table live",
                s -> !s.tables().isEmpty() && s.tables().stream().allMatch(t -> t.state() == TableState.LIVE));
    }

    void awaitTruth() {
        awaitTruth(StripeObjectType.core());
    }

    void awaitTruth(List<StripeObjectType> types) {
        await("the tables equal the source")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(differences(types)).isEmpty());
    }

    /** In words; empty: every table equals the source by key and content. */
    List<String> differences() throws SQLException {
        return differences(StripeObjectType.core());
    }

    private List<String> differences(List<StripeObjectType> types) throws SQLException {
        List<String> all = new ArrayList<>();
        for (StripeObjectType type : types) {
            all.addAll(differences(type));
        }
        return all;
    }

    List<String> differences(StripeObjectType type) throws SQLException {
        return differences(type, stripe.data());
    }

    List<String> differences(StripeObjectType type, StripeData data) throws SQLException {
        try (Connection connection = server.superuser(database)) {
            return TableTruth.differences(connection, SCHEMA, type.wireName(), data.truth(type));
        }
    }

    String value(String query) {
        return new UsersSession(server, database).value(query);
    }

    void sql(String text) {
        new UsersSession(server, database).run(text);
    }

    static TableProgress table(SyncSnapshot snapshot, String name) {
        return snapshot.tables().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** As the end of the operator's process: no loop and no pool is left. */
    void stop() {
        loops.close();
        databases.close();
    }

    @Override
    public void close() {
        proxy.heal();
        stop();
        dialer.close();
        proxy.close();
        stripe.close();
    }
}
