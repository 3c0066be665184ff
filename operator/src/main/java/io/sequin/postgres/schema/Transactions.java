package io.sequin.postgres.schema;

import io.sequin.postgres.Database;
import io.sequin.postgres.PostgresException;
import java.sql.Connection;
import java.sql.SQLException;

/** Runs work in transactions of the user's database, with the settings that every one of ours starts with. */
public final class Transactions {
    private final Database database;
    private final String settings;

    public Transactions(Database database, WriteTimeouts timeouts) {
        this.database = database;
        this.settings = "set local search_path = pg_catalog, pg_temp"
                + "; set local lock_timeout = " + timeouts.lock().toMillis()
                + "; set local statement_timeout = " + timeouts.statement().toMillis()
                + "; set local idle_in_transaction_session_timeout = "
                + timeouts.idle().toMillis();
    }

    /** What to do in a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Transaction tx) throws SQLException;
    }

    /**
     * Runs the work and commits. Where it throws, nothing of it stays; where the commit itself fails, whether it
     * happened is unknown.
     *
     * @throws PostgresException for every failure of the database
     */
    public <T> T commit(Work<T> work) {
        return run(work, true);
    }

    /** Runs the work and rolls back: for reads that lock. */
    public <T> T rollback(Work<T> work) {
        return run(work, false);
    }

    private <T> T run(Work<T> work, boolean commit) {
        try (Connection connection = database.connect()) {
            Transaction tx = new Transaction(connection);
            boolean ended = false;
            try {
                connection.setAutoCommit(false);
                tx.execute(settings);
                T result = work.in(tx);
                if (commit) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                ended = true;
                return result;
            } finally {
                if (!ended) {
                    abandon(tx);
                }
            }
        } catch (SQLException e) {
            throw SqlFailure.translate(e);
        }
    }

    private void abandon(Transaction tx) {
        if (tx.poisoned()) {
            database.discard(tx.connection());
            return;
        }
        try {
            tx.connection().rollback();
        } catch (SQLException e) {
            // the server rolls back when the connection ends
            database.discard(tx.connection());
        }
    }
}
