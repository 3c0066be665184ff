package io.sequin.engine;

import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.RateCeiling;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableSelection;
import java.time.Duration;

/**
 * What a Sync's loop is to do. Holds references to Secrets, never their values nor versions, and no observed health.
 *
 * @param tables which of the source's tables are filled
 * @param rate what this Sync may ask of the source at most
 */
public record SyncPlan(
        Owner owner,
        PostgresSettings destination,
        String schema,
        SourceConfig source,
        Duration pollInterval,
        TableSelection tables,
        RateCeiling rate) {}
