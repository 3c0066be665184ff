package io.sequin.postgres;

import io.sequin.data.PostgresSettings;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Opens pools that share one housekeeping thread. Close the databases first. */
public final class PooledDatabases implements Databases, AutoCloseable {
    private final Connector connector;
    private final Timeouts timeouts;
    private final ScheduledThreadPoolExecutor housekeeping;

    public PooledDatabases(Connector connector, Timeouts timeouts) {
        this.connector = connector;
        this.timeouts = timeouts;
        this.housekeeping = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("pool-housekeeping").factory());
        this.housekeeping.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Database open(PostgresSettings settings, String application) {
        return new PooledDatabase(connector, settings, application, timeouts, housekeeping);
    }

    /** Ends the housekeeping thread. */
    @Override
    public void close() {
        housekeeping.shutdownNow();
    }
}
