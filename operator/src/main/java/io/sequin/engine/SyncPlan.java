package io.sequin.engine;

import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.SourceConfig;
import java.time.Duration;

/** What a Sync's loop is to do. Holds references to Secrets, never their values nor versions, and no observed health. */
public record SyncPlan(
        Owner owner, PostgresSettings destination, String schema, SourceConfig source, Duration pollInterval) {}
