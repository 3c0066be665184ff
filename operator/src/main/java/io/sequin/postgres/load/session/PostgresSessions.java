package io.sequin.postgres.load.session;

import io.sequin.data.PostgresSettings;
import io.sequin.data.WriteRules;
import io.sequin.postgres.Databases;
import io.sequin.postgres.load.CommitListener;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.DestinationSessions;
import io.sequin.postgres.load.row.RowShapes;
import io.sequin.postgres.schema.Transactions;
import io.sequin.postgres.schema.WriteTimeouts;
import java.util.Optional;

/** Sessions on real Postgres servers; those on one Destination share its connections. */
public final class PostgresSessions implements DestinationSessions {
    private final Databases databases;
    private final WriteTimeouts timeouts;
    private final CommitListener listener;
    private final RowShapes shapes = new RowShapes();

    /**
     * @param timeouts must end before the sockets of {@code databases} time out
     */
    public PostgresSessions(Databases databases, WriteTimeouts timeouts, CommitListener listener) {
        this.databases = databases;
        this.timeouts = timeouts;
        this.listener = listener;
    }

    @Override
    public DestinationSession open(PostgresSettings settings, String schema, WriteRules rules) {
        return new PostgresSession(
                databases.open(settings, Transactions.application(schema, Optional.empty())),
                schema,
                rules,
                timeouts,
                listener,
                shapes);
    }
}
