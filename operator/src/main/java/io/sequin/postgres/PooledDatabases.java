package io.sequin.postgres;

import io.sequin.data.PostgresSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Opens databases. Those with equal settings, as the Syncs of one Destination have them, share one pool, which lives as
 * long as it has users. All pools share one housekeeping thread. Close the databases first.
 */
public final class PooledDatabases implements Databases, AutoCloseable {
    private final Connector connector;
    private final Timeouts timeouts;
    private final ScheduledThreadPoolExecutor housekeeping;
    private final ConnectCounter connects = new ConnectCounter();
    private final Map<PostgresSettings, Users> pools = new HashMap<>();

    private static final class Users {
        private final SharedPool pool;
        private int count;

        Users(SharedPool pool) {
            this.pool = pool;
        }
    }

    public PooledDatabases(Connector connector, Timeouts timeouts) {
        this.connector = connector;
        this.timeouts = timeouts;
        this.housekeeping = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("pool-housekeeping").factory());
        this.housekeeping.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Database open(PostgresSettings settings, String application) {
        synchronized (pools) {
            Users users = pools.computeIfAbsent(settings, s -> new Users(newPool(s)));
            users.count++;
            return new SharedDatabase(users.pool, application, () -> leave(settings, users));
        }
    }

    private SharedPool newPool(PostgresSettings settings) {
        ConnectionSource source =
                new ConnectionSource(connector, settings, PooledDatabase.APPLICATION, timeouts, connects);
        return new SharedPool(new PooledDatabase(source, settings, timeouts, housekeeping), settings, timeouts);
    }

    private void leave(PostgresSettings settings, Users users) {
        synchronized (pools) {
            users.count--;
            if (users.count > 0) {
                return;
            }
            pools.remove(settings);
        }
        // outside of the lock: it says goodbye to the server
        users.pool.pool().close();
    }

    /** How each open pool is used now. */
    public List<PoolUse> use() {
        synchronized (pools) {
            return pools.values().stream().map(users -> users.pool.use()).toList();
        }
    }

    /** How often they connected since the start. */
    public Connects connects() {
        return connects.soFar();
    }

    /** Ends the housekeeping thread. */
    @Override
    public void close() {
        housekeeping.shutdownNow();
    }
}
