package io.sequin.postgres.schema;

import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that an earlier writer of a schema has left open: one whose process was stopped, or whose network
 * fell silent in the middle of a COPY, where the server waits for the client whatever {@code statement_timeout} says;
 * also what this writer's own connections have left open that fell silent. They hold locks that the present writer needs.
 * Only sessions of our own role are ended that call themselves ours, hold a lock for writing in this schema, don't wait for
 * a lock themselves, and run nothing that this writer still waits for. Whatever they had in mind was not committed and,
 * with the fence in this writer's hands, can't be.
 */
public final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Transactions transactions;
    private final String schema;
    private final Duration lockTimeout;
    private long lost;
    /** When to look, by {@link System#nanoTime}; null: nothing is known to be left open. */
    private @Nullable Long due;

    public Leftovers(Transactions transactions, String schema, WriteTimeouts timeouts) {
        this.transactions = transactions;
        this.schema = schema;
        this.lockTimeout = timeouts.lock();
    }

    /**
     * To be called once by who has taken the fence: ends what those who had it before have had open for longer than a
     * lock is waited for; younger ones may still end by themselves. Nothing happens where another one has taken it since:
     * its first commit will tell.
     */
    public synchronized void endAll(Fence mine) {
        // also where this fails
        due = System.nanoTime();
        Found found;
        try {
            found = transactions.commit(Effect.END_LEFTOVERS, tx -> mine.isHeld(tx) ? end(tx, null) : Found.NONE);
        } catch (PostgresException e) {
            // those are looked for, too: that this connection was lost is no reason to wait once more
            lost = transactions.lost();
            throw e;
        }
        due = found.all() == found.ended() ? null : System.nanoTime() + lockTimeout.toNanos();
    }

    /**
     * To be called now and then by who has the fence: ends what {@link #endAll} has found too young to be ended, and what
     * connections have left open that were lost since. They have as long as a lock is waited for to end by themselves;
     * where nothing was lost the server is not asked.
     *
     * @return after how long there is something to look for; empty: nothing is known to be left open
     */
    public synchronized Optional<Duration> endDue(Fence mine) {
        long losses = transactions.lost();
        if (losses != lost) {
            lost = losses;
            due = System.nanoTime() + lockTimeout.toNanos();
        }
        if (due != null && System.nanoTime() - due >= 0) {
            endAll(mine);
        }
        return Optional.ofNullable(due).map(at -> Duration.ofNanos(Math.max(0, at - System.nanoTime())));
    }

    /**
     * To be called by who could not take the fence though it may, since it waited for a lock in vain: ends who holds it.
     *
     * @return whether to try again
     */
    public boolean endInTheWayOfTake() {
        return transactions.commit(
                Effect.END_LEFTOVERS,
                tx -> end(tx, new String[] {StateTables.WRITER}).ended() > 0);
    }

    /**
     * Does what writes these tables, which no other thread of this writer writes now. Where it waited in vain for a lock,
     * who of us held one before the wait began is ended, and it is done once more.
     */
    public <T> T outOfTheWay(Fence mine, Collection<String> tables, Supplier<T> work) {
        try {
            return work.get();
        } catch (PostgresException e) {
            boolean again = isLocked(e)
                    && transactions.commit(Effect.END_LEFTOVERS, tx -> {
                        mine.check(tx);
                        return end(tx, tables.toArray(String[]::new)).ended() > 0;
                    });
            if (again) {
                return work.get();
            }
            throw e;
        }
    }

    /** Whether a lock was waited for in vain. */
    public static boolean isLocked(PostgresException failure) {
        return failure.sqlState().filter(SqlState.LOCK_NOT_AVAILABLE::equals).isPresent();
    }

    /**
     * What was found.
     *
     * @param all those of ours that hold a lock and that nobody waits for any more
     * @param ended those that were old enough
     */
    private record Found(int all, int ended) {
        static final Found NONE = new Found(0, 0);
    }

    private Found end(Transaction tx, String @Nullable [] tables) throws SQLException {
        if (!mayEnd(tx)) {
            return Found.NONE;
        }
        Found found = tx.first(
                        """
                        select count(*), count(*) filter (where ended) from (
                          select case when a.wait_event_type is distinct from 'Lock'
                                       and a.xact_start <= clock_timestamp() - ? * interval '1 millisecond'
                                 then pg_terminate_backend(a.pid) end as ended
                            from pg_stat_activity a
                           where a.datname = current_database() and a.usename = session_user
                             and a.application_name = any (?) and a.pid <> all (?)
                             and exists (
                               select from pg_locks l join pg_class c on c.oid = l.relation
                                where l.pid = a.pid and l.granted and l.locktype = 'relation'
                                  and l.mode <> 'AccessShareLock'
                                  and l.database = (select oid from pg_database where datname = current_database())
                                  and c.relnamespace = (select oid from pg_namespace where nspname = ?)
                                  and (?::text[] is null or c.relname = any (?::text[])))) as found""",
                        row -> new Found(row.getInt(1), row.getInt(2)),
                        lockTimeout.toMillis(),
                        names(tx),
                        transactions.open().toArray(Integer[]::new),
                        schema,
                        tables,
                        tables)
                .orElseThrow();
        if (found.ended() > 0) {
            LOG.warn("ended {} transactions in schema {} that nobody waits for any more", found.ended(), schema);
        }
        return found;
    }

    /** What our own transactions in this schema are called, those of earlier versions too. */
    private String[] names(Transaction tx) throws SQLException {
        List<String> names = new ArrayList<>(all(Transactions::application));
        if (!Transactions.isShown(schema)) {
            names.addAll(shown(tx, all(Transactions::formerApplication)));
        }
        return names.toArray(String[]::new);
    }

    private List<String> all(BiFunction<String, Optional<Effect>, String> application) {
        return Stream.concat(
                        Stream.of(Optional.<Effect>empty()),
                        Stream.of(Effect.values()).map(Optional::of))
                .map(effect -> application.apply(schema, effect))
                .distinct()
                .toList();
    }

    /** What the server makes of them depends on its version and the database's encoding; the last one stays this one's. */
    private List<String> shown(Transaction tx, List<String> names) throws SQLException {
        List<String> tried = new ArrayList<>(names);
        tried.add(Transactions.application(schema, Optional.of(Effect.END_LEFTOVERS)));
        return tx.list(
                "select left(set_config('application_name', n, true), ?) from unnest(?::text[]) n",
                row -> row.getString(1),
                Identifier.MAX_BYTES,
                tried.toArray(String[]::new));
    }

    /** Providers may take the function away: then the server's own time-outs have to do. */
    private static boolean mayEnd(Transaction tx) throws SQLException {
        return tx.first(
                        "select bool_and(has_function_privilege(oid, 'execute')) from pg_proc"
                                + " where proname = 'pg_terminate_backend'",
                        row -> row.getBoolean(1))
                .orElse(false);
    }
}
