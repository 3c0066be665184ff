package io.sequin.engine.stripe;

import io.sequin.credentials.CredentialSource;
import io.sequin.data.ResourceKey;
import io.sequin.data.StorageMemory;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.loop.Backoff;
import io.sequin.loop.LoopSettings;
import io.sequin.network.http.HttpConnections;
import io.sequin.postgres.load.DestinationSessions;
import io.sequin.source.RequestGates;
import io.sequin.source.SourceContext;
import io.sequin.source.stripe.StripeConnector;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** What an engine that syncs Stripe is made of: small batches, quick retries. */
record StripeParts(CredentialSource secrets, HttpConnections http, URI stripe, RequestGates budgets) {
    /**
     * The parts.
     *
     * @param known what is remembered of the data set
     * @param settings {@link #settings}
     */
    EngineParts of(
            DestinationSessions destinations,
            Supplier<StorageMemory> known,
            ByteBudget budget,
            EngineSettings settings) {
        Clock clock = Clock.systemUTC();
        return new EngineParts(
                Map.of("stripe", new StripeConnector()),
                new SourceContext(secrets, http, Map.of("stripe", stripe), "sequin-it", clock, budgets),
                destinations,
                sync -> known.get(),
                budget,
                settings,
                clock,
                new Random());
    }

    /** With a claim that is renewed so often. */
    static EngineSettings settings(Duration renewal) {
        return settings(renewal, Duration.ofMillis(500));
    }

    /**
     * How it works.
     *
     * @param renewal how often a claim is renewed
     * @param batch how long a batch is gathered
     */
    static EngineSettings settings(Duration renewal, Duration batch) {
        return new EngineSettings(
                500,
                1 << 20,
                batch,
                1 << 20,
                4,
                4,
                10,
                100_000,
                renewal,
                Duration.ofSeconds(1),
                new Backoff(Duration.ofMillis(50), Duration.ofMillis(500)));
    }

    /** How its loops run. */
    static LoopSettings<ResourceKey> loops() {
        return LoopSettings.of(
                "sync",
                Clock.systemUTC(),
                new Random(),
                key -> Map.of("resource.namespace", key.namespace(), "resource.name", key.name()));
    }
}
