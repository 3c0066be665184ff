package io.sequin.app;

import io.sequin.app.config.SourcesConfig;
import io.sequin.credentials.CredentialSource;
import io.sequin.data.ResourceKey;
import io.sequin.engine.KnownStorage;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.loop.SyncLoops;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.loop.LoopFactory;
import io.sequin.network.DirectDialer;
import io.sequin.network.http.HttpConnections;
import io.sequin.observability.Recorder;
import io.sequin.observability.Usage;
import io.sequin.postgres.Connector;
import io.sequin.postgres.PooledDatabases;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.load.session.PostgresSessions;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.source.SourceConnector;
import io.sequin.source.SourceContext;
import io.sequin.source.budget.RateBudgets;
import io.sequin.source.stripe.StripeConnector;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import io.sequin.verify.Prober;
import io.sequin.verify.VerifyLoops;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The real work: sources of every kind into Postgres. */
final class PostgresLoopBodies implements LoopBodies {
    /** Verifications at once; each holds one connection and one thread. */
    private static final int PROBES = 8;

    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(30);
    /** Every kind of source that this operator has: one line each. */
    private static final List<SourceConnector> SOURCES = List.of(new StripeConnector());

    /** Their names in {@code spec.source}. */
    static final Set<String> KINDS =
            SOURCES.stream().map(SourceConnector::kind).collect(Collectors.toUnmodifiableSet());

    private final DirectDialer dialer = new DirectDialer();
    private final PooledDatabases databases;
    private final VerifyLoops verify;
    private final SyncLoops sync;
    private final ByteBudget budget;
    private final RateBudgets budgets;

    /**
     * @param web for all sources
     * @param known what is remembered of Syncs outside of their databases
     * @param recorder told of commits and requests
     */
    PostgresLoopBodies(
            SourcesConfig config,
            HttpConnections web,
            CredentialSource credentials,
            KnownStorage known,
            Clock clock,
            RandomGenerator random,
            Recorder recorder) {
        Connector connector = new Connector(dialer, credentials, clock);
        databases = new PooledDatabases(connector, Timeouts.USUAL);
        verify = new VerifyLoops(
                new Prober(new ServerInspection(connector, Timeouts.PROBE), PROBES, PROBE_DEADLINE), clock, random);
        budgets = new RateBudgets(config.rates(), clock, System::nanoTime, random, recorder);
        SourceContext context = new SourceContext(
                credentials, web, config.endpoints(), "sequin-operator/" + Version.text(), clock, budgets);
        budget = new ByteBudget(config.byteBudget());
        sync = new SyncLoops(new EngineParts(
                SOURCES.stream().collect(Collectors.toMap(SourceConnector::kind, Function.identity())),
                context,
                new PostgresSessions(databases, WriteTimeouts.standard(), recorder),
                known,
                budget,
                EngineSettings.defaults(),
                clock,
                random));
    }

    @Override
    public LoopFactory<ResourceKey, DestinationPlan, DestinationSnapshot> verify() {
        return verify;
    }

    @Override
    public LoopFactory<ResourceKey, SyncPlan, SyncSnapshot> sync() {
        return sync;
    }

    @Override
    public Usage usage() {
        return new Usage(
                budget.total(),
                budget.total() - budget.available(),
                databases.use(),
                databases.connects(),
                budgets.use());
    }

    @Override
    public void close() {
        databases.close();
        dialer.close();
    }
}
