package io.sequin.postgres.load;

import io.sequin.data.PostgresSettings;
import io.sequin.postgres.Databases;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.schema.WriteTimeouts;
import java.nio.charset.StandardCharsets;

/** Sessions on real Postgres servers; those on one Destination share its connections. */
public final class PostgresSessions implements DestinationSessions {
    private final Databases databases;
    private final WriteTimeouts timeouts;
    private final CommitListener listener;

    /**
     * @param timeouts must end before the sockets of {@code databases} time out
     */
    public PostgresSessions(Databases databases, WriteTimeouts timeouts, CommitListener listener) {
        this.databases = databases;
        this.timeouts = timeouts;
        this.listener = listener;
    }

    @Override
    public DestinationSession open(PostgresSettings settings, String schema) {
        return new PostgresSession(databases.open(settings, application(schema)), schema, timeouts, listener);
    }

    /** The schema's name is left out where the server would cut it. */
    private static String application(String schema) {
        String full = "sequin " + schema;
        return full.getBytes(StandardCharsets.UTF_8).length <= Identifier.MAX_BYTES ? full : "sequin";
    }
}
