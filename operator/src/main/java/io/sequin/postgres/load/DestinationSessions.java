package io.sequin.postgres.load;

import io.sequin.data.PostgresSettings;
import io.sequin.data.WriteRules;

/** Opens sessions. No I/O until the schema is taken. */
@FunctionalInterface
public interface DestinationSessions {
    /**
     * A session.
     *
     * @param rules how it writes rows
     */
    DestinationSession open(PostgresSettings settings, String schema, WriteRules rules);

    /** One that writes no rows, or writes them as usual. */
    default DestinationSession open(PostgresSettings settings, String schema) {
        return open(settings, schema, WriteRules.USUAL);
    }
}
