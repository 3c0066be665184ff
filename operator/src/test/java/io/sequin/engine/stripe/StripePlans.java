package io.sequin.engine.stripe;

import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.data.ResyncPlan;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableSelection;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.data.WriteRules;
import io.sequin.engine.SyncPlan;
import io.sequin.postgres.SecretsInMemory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans of Syncs of Stripe.
 *
 * @param source settings of the source, as JSON
 */
record StripePlans(ResourceKey key, String database, HostPort address, String schema, String source, WriteRules rules) {
    static final Duration POLL = Duration.ofMillis(200);

    /** {@code spec.postgres.maxConnections}, as it is unless somebody says otherwise. */
    static final int MAX_CONNECTIONS = 5;

    /** For three tables. */
    SyncPlan of(Duration poll) {
        return of(poll, new TableSelection(Set.of("customer", "product", "charge"), Set.of()));
    }

    SyncPlan of(Duration poll, TableSelection tables) {
        PostgresSettings postgres = new PostgresSettings(
                address,
                database,
                SecretsInMemory.ref("username"),
                SecretsInMemory.ref("password"),
                new TlsSettings(TlsMode.DISABLE, Optional.empty()),
                MAX_CONNECTIONS);
        Map<String, CredentialRef> credentials = Map.of("apiKeySecretRef", SecretsInMemory.ref("api-key"));
        return new SyncPlan(
                new Owner("cluster", key, "stripe"),
                postgres,
                schema,
                new SourceConfig("stripe", source, credentials),
                poll,
                tables,
                RateCeiling.NONE,
                rules,
                ResyncPlan.NONE,
                SyncPlan.Work.SYNC);
    }
}
