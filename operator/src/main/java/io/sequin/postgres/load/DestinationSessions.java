package io.sequin.postgres.load;

import io.sequin.data.PostgresSettings;

/** Opens sessions. No I/O until the schema is taken. */
@FunctionalInterface
public interface DestinationSessions {
    DestinationSession open(PostgresSettings settings, String schema);
}
