package io.sequin.postgres.load;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Owner;
import io.sequin.data.TableShape;
import io.sequin.postgres.schema.Consent;
import io.sequin.postgres.schema.Dropped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one writer of one synced schema. Safe for use by several lanes at once, where no two do something to the same table
 * at once: that the caller has to see to. Every failure is a
 * {@link io.sequin.postgres.PostgresException}; after a failed {@link #commit} the lane must be read again by
 * {@link #lane}, since the commit may have happened.
 */
public interface DestinationSession extends AutoCloseable {
    /**
     * Creates the schema where it is missing, claims it for the owner, takes the fence: from here on an earlier writer
     * can't commit. A claim of the same owner (also re-created under another uid) is taken over with its checkpoints;
     * another one's is refused; then nothing is written. So are, unless a person has agreed, another account of the source
     * (ACCOUNT_CHANGED), and a schema that was there and is gone (STORAGE_MISSING).
     */
    Claim take(Owner owner, AccountId account, Consent consent);

    /** The same for a Sync of which nothing is remembered and that asks for nothing. */
    default Claim take(Owner owner, AccountId account) {
        return take(owner, account, Consent.NONE);
    }

    /**
     * Records that tables of ours are not filled any more, but for these; their rows stay.
     *
     * @return all tables that are kept so
     */
    Set<String> retainOthers(Set<String> selected);

    /**
     * Creates the table, or adds the columns that are missing. Where it has to be created, also because somebody dropped
     * it, or was retained until now, the lanes that fill it are forgotten in the same transaction, so that {@link #begin}
     * starts them anew. What takes long is left for {@link #tend}.
     *
     * @param fills the lanes of its first pass
     * @param floor they list what was made at or after this time; empty: all there is. Where it is earlier than that of
     *     the list which filled the table they are forgotten, too
     * @throws io.sequin.postgres.TableException where the table is somebody else's, or somebody holds a lock on it
     */
    TableStatus ensure(TableShape shape, Set<LaneId> fills, Optional<Instant> floor);

    /** The same for a table of which all there is is listed. */
    default TableStatus ensure(TableShape shape, Set<LaneId> fills) {
        return ensure(shape, fills, Optional.empty());
    }

    /**
     * Does some of the work on a table's rows that {@link #ensure} has left; to be called until {@link TableStatus#left}
     * says that there is none. It goes on where it was after whatever interrupted it.
     */
    TableStatus tend(String table);

    /** Records lanes that the database does not know yet at these checkpoints, in one transaction; returns all asked for. */
    Map<LaneId, LaneState> begin(Map<LaneId, Checkpoint> starts);

    /** The lane as committed; waits for a commit of ours whose answer was lost. */
    LaneState lane(LaneId lane);

    /** Some of a table's dirty keys, with whether a deletion was reported, as hints. */
    List<Change.Hint> dirtyKeys(String table, int most);

    /** How many keys are dirty, by table; a table without any is missing. */
    Map<String, Long> dirtyCounts();

    /**
     * Applies a batch: rows, checkpoint and fence in one transaction.
     *
     * @throws io.sequin.postgres.TableException where Postgres refuses a record or a delete of one table; nothing was
     *     committed
     */
    Committed commit(Batch batch);

    /**
     * Says that the schema is still in use, and makes sure that it is as it was left: for when nothing is committed for
     * long.
     *
     * @param at the number of commits of lanes that nobody works on
     * @throws io.sequin.postgres.PostgresException FENCED_OUT where another writer took the schema, or a lane is at
     *     another commit, as after a restore
     */
    void renew(Map<LaneId, Long> at);

    /**
     * Ends what lost connections of ours, or an earlier writer's, have left open at the server, once it had as long as a
     * lock is waited for to end by itself. To be called now and then: where nothing was lost it does nothing.
     *
     * @return after how long there is something to look for; empty: nothing is known to be left open
     */
    Optional<Duration> endLeftovers();

    /** Full passes over tables that are live. */
    Passes passes();

    /**
     * Writes that the owner let go of the schema, so that another may take it over. Needs no {@link #take} before: what
     * is not this very owner's stays as it is.
     */
    void release(Owner owner);

    /**
     * Drops what is in the schema of this very owner's: our tables, our state, and the schema where we made it and it
     * is empty. Needs no {@link #take} before and may be repeated; afterwards this session is of no use.
     */
    Dropped drop(Owner owner);

    /** Reads the credentials anew; where they changed, the next connections use them. */
    void refreshCredentials();

    @Override
    void close();
}
