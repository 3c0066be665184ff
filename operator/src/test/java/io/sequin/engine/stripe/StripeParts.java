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
     * @param renewal how often a claim is renewed
     */
    EngineParts of(
            DestinationSessions destinations, Supplier<StorageMemory> known, ByteBudget budget, Duration renewal) {
        Clock clock = Clock.systemUTC();
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofMillis(500));
        return new EngineParts(
                Map.of("stripe", new StripeConnector()),
                new SourceContext(secrets, http, Map.of("stripe", stripe), "sequin-it", clock, budgets),
                destinations,
                sync -> known.get(),
                budget,
                new EngineSettings(
                        500,
                        1 << 20,
                        Duration.ofMillis(500),
                        1 << 20,
                        4,
                        4,
                        10,
                        100_000,
                        renewal,
                        Duration.ofSeconds(1),
                        backoff),
                clock,
                new Random());
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
