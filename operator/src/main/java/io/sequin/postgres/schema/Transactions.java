package io.sequin.postgres.schema;

import io.sequin.data.SmallMap;
import io.sequin.postgres.Database;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Runs work in transactions of the user's database, with the settings that every one of ours starts with. */
public final class Transactions {
    private static final String APPLICATION = "sequin";

    /**
     * What the statements here rely on, whatever a DBA gave the role or the database: after the wait for a lock a statement
     * sees what the other one committed; an array's null is no text; a backslash is one. The first must come first.
     */
    private static final String OURS = "set transaction isolation level read committed; set local array_nulls = on"
            + "; set local standard_conforming_strings = on";

    /**
     * Ours are many short statements, and none gains by being compiled. But those of which {@link Effect} takes the other
     * plans away look dear enough for it to the planner of 12 to 17 (measured on Debian's 15: a commit of 2,000 rows cost
     * the server 290 ms instead of 36, one of a single row 24 ms instead of 3).
     */
    private static final String NOT_COMPILED = "; set local jit = off";

    private static final int FIRST_TO_COMPILE = 11;

    /** Our own time-outs are for statements: a transaction of several may take longer than what a DBA gave the role. */
    private static final String NO_END = "; set local transaction_timeout = 0";

    private static final int FIRST_TO_END = 17;

    private final Database database;
    private final String schema;
    private final String settings;
    /** Those that write, with the server's process that each runs in, which is the right one behind PgBouncer too. */
    private final SmallMap<Transaction, Integer> open = new SmallMap<>();

    private final AtomicLong lost = new AtomicLong();

    /** @param schema the synced schema, for {@code pg_stat_activity} */
    public Transactions(Database database, String schema, WriteTimeouts timeouts) {
        this.database = database;
        this.schema = schema;
        this.settings = OURS + "; set local search_path = pg_catalog, pg_temp"
                + "; set local lock_timeout = " + timeouts.lock().toMillis()
                + "; set local statement_timeout = " + timeouts.statement().toMillis()
                + "; set local idle_in_transaction_session_timeout = "
                + timeouts.idle().toMillis();
    }

    /**
     * What {@code pg_stat_activity.application_name} shows of a connection to a synced schema: {@code sequin stripe}, or
     * {@code sequin stripe: commit batch} during a transaction. The schema's name is left out where the server would
     * cut it, or write something else for it, as it does for all but ASCII.
     */
    public static String application(String schema, Optional<Effect> effect) {
        return isShown(schema) ? formerApplication(schema, effect) : APPLICATION + end(effect);
    }

    /** What earlier versions called it, before the server made something else of it. */
    static String formerApplication(String schema, Optional<Effect> effect) {
        String full = APPLICATION + " " + schema + end(effect);
        return Identifier.isValid(full) ? full : APPLICATION + end(effect);
    }

    private static String end(Optional<Effect> effect) {
        return effect.map(e -> ": " + e.words()).orElse("");
    }

    /** Whether the server shows a name as it is. */
    static boolean isShown(String name) {
        return name.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** What to do in a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Transaction tx) throws SQLException;
    }

    /**
     * Runs the work and commits. Where it throws, nothing of it stays; where the commit itself fails, whether it
     * happened is unknown, unless the server has answered that it did not.
     *
     * @throws CommitRefusedException where the server has answered so
     * @throws PostgresException for every failure of the database
     */
    public <T> T commit(Effect effect, Work<T> work) {
        return run(Optional.of(effect), work);
    }

    /** Runs the work and rolls back: for reads that lock. */
    public <T> T rollback(Work<T> work) {
        return run(Optional.empty(), work);
    }

    /** Reads in several statements what was true at one time; holds no lock that others wait for. */
    public <T> T snapshot(Work<T> work) {
        return rollback(tx -> {
            tx.execute("set transaction isolation level repeatable read, read only");
            return work.in(tx);
        });
    }

    private <T> T run(Optional<Effect> effect, Work<T> work) {
        try (Connection connection = database.connect()) {
            Transaction tx = new Transaction(connection);
            boolean ended = false;
            try {
                connection.setAutoCommit(false);
                begin(tx, effect);
                T result = work.in(tx);
                if (effect.isPresent()) {
                    commit(connection);
                } else {
                    connection.rollback();
                }
                ended = true;
                return result;
            } finally {
                try {
                    if (!ended) {
                        abandon(tx);
                    }
                } finally {
                    open.remove(tx);
                }
            }
        } catch (SQLException e) {
            throw SqlFailure.translate(e);
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (SqlFailure.isRefusal(e)) {
                throw new CommitRefusedException(SqlFailure.translate(e));
            }
            throw e;
        }
    }

    /** The name goes with the settings, so that it costs no round trip. */
    private void begin(Transaction tx, Optional<Effect> effect) throws SQLException {
        String first = settings(tx.connection());
        if (effect.isEmpty()) {
            tx.execute(first);
            return;
        }
        try (PreparedStatement statement = tx.connection().prepareStatement(begin(first, effect.get()))) {
            statement.setString(1, application(schema, effect));
            statement.execute();
            open.put(tx, process(statement));
        }
    }

    /** What the last of several statements has answered. */
    private static int process(PreparedStatement statement) throws SQLException {
        while (statement.getResultSet() == null) {
            if (!statement.getMoreResults() && statement.getUpdateCount() < 0) {
                throw new IllegalStateException("the server did not say which process a transaction runs in");
            }
        }
        try (ResultSet row = statement.getResultSet()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The server's processes that run what this writer writes now. */
    Collection<Integer> open() {
        return open.now().values();
    }

    /** How many times a connection was lost while it wrote: the server may not know, and keep the transaction open. */
    long lost() {
        return lost.get();
    }

    private static String begin(String settings, Effect effect) {
        String more = effect.settings().isEmpty() ? "" : "; " + effect.settings();
        return settings + more + "; select pg_backend_pid() from set_config('application_name', ?, true)";
    }

    /** The connection knows the version since it was made. */
    private String settings(Connection connection) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        return settings + (version < FIRST_TO_COMPILE ? "" : NOT_COMPILED) + (version < FIRST_TO_END ? "" : NO_END);
    }

    private void abandon(Transaction tx) {
        if (tx.poisoned()) {
            lose(tx);
            return;
        }
        try {
            tx.connection().rollback();
        } catch (SQLException e) {
            lose(tx);
        }
    }

    /** The server rolls back when it learns that the connection has ended. */
    private void lose(Transaction tx) {
        if (open.get(tx).isPresent()) {
            lost.incrementAndGet();
        }
        database.discard(tx.connection());
    }
}
