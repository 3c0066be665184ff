package io.sequin.engine;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.DestinationSessions;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.schema.Dropped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One schema of a database, with transactions, fence and sequence numbers as the real one has them. */
final class MemoryDatabase implements DestinationSessions {
    /** A record with this in it is refused. */
    static final String HOSTILE = "hostile";

    final List<Batch> commits = new CopyOnWriteArrayList<>();
    /** When a session has renewed the claim. */
    final List<Instant> renewals = new CopyOnWriteArrayList<>();

    volatile Faults faults = Faults.NONE;
    /** Called when something was done and before its answer is handed out: it is on its way. */
    volatile Faults answers = Faults.NONE;
    /** Tables that somebody else has made. */
    volatile Set<String> foreign = Set.of();
    /** Tables whose rows a constraint of the user's keeps. */
    volatile Set<String> refusingDeletes = Set.of();

    /** What looking for what lost connections have left open does; not among the faults, since it is asked for so often. */
    volatile Supplier<Optional<Duration>> leftovers = Optional::empty;

    /** What a drop says that it had to leave. */
    volatile Dropped keptByOthers = Dropped.NOTHING;

    // for its sessions, under its lock
    final Clock clock;
    final MemoryTables tables = new MemoryTables();
    final MemoryDirtyKeys dirty = new MemoryDirtyKeys();
    final Map<LaneId, LaneState> lanes = new HashMap<>();
    final MemoryPasses passes = new MemoryPasses(tables, lanes, this::isDirty);

    @Nullable
    AccountId account;

    int token;
    int takes;
    int open;
    int released;
    int refreshed;
    int dropped;

    MemoryDatabase(Clock clock) {
        this.clock = clock;
    }

    synchronized Map<String, Map<String, String>> content() {
        return tables.content();
    }

    synchronized Map<String, String> rowsOf(String table) {
        return tables.content().getOrDefault(table, Map.of());
    }

    synchronized Optional<LaneState> laneState(LaneId lane) {
        return Optional.ofNullable(lanes.get(lane));
    }

    /** Work on all rows of a table, piece by piece, that making sure of it leaves. */
    synchronized void leave(String table, Upkeep... pieces) {
        tables.left.put(table, new ArrayDeque<>(List.of(pieces)));
    }

    synchronized TablePhase phase(String table) {
        return tables.phase(table);
    }

    synchronized int takes() {
        return takes;
    }

    synchronized int openSessions() {
        return open;
    }

    synchronized int released() {
        return released;
    }

    /** How often the credentials were read anew. */
    synchronized int refreshed() {
        return refreshed;
    }

    /** A table's keys that are to be fetched. */
    synchronized List<Change.Hint> dirtyOf(String table) {
        return dirty.some(table, Integer.MAX_VALUE);
    }

    private boolean isDirty(String table, RowKey key) {
        return dirty.some(table, Integer.MAX_VALUE).stream()
                .anyMatch(hint -> hint.key().equals(key));
    }

    /** How often a session has dropped the schema. */
    synchronized int dropped() {
        return dropped;
    }

    /** Somebody drops the schema. */
    synchronized void dropAll() {
        tables.clear();
        dirty.clear();
        lanes.clear();
        passes.clear();
        account = null;
        token++;
    }

    /** Somebody else takes the schema. */
    synchronized void takeOver() {
        token++;
    }

    /** Rows and lanes, as a backup has them. */
    record Saved(Map<String, Map<String, String>> rows, Map<LaneId, LaneState> lanes) {}

    synchronized Saved save() {
        return new Saved(tables.content(), Map.copyOf(lanes));
    }

    /** Somebody restores a backup that was made under the present token. */
    synchronized void restore(Saved backup) {
        tables.restore(backup.rows());
        lanes.putAll(backup.lanes());
    }

    /** Somebody drops one table; its record stays. */
    synchronized void drop(String table) {
        tables.drop(table);
    }

    @Override
    public synchronized DestinationSession open(PostgresSettings settings, String schema, WriteRules rules) {
        open++;
        return new MemorySession(this);
    }

    static PostgresException failure(PostgresProblem code) {
        return new PostgresException(Problem.of(code, "as the test wants"), null, null);
    }

    /** A commit of a session that has the fence. */
    Committed apply(Batch batch) {
        LaneState at = known(batch.lane());
        if (at.seq() != batch.seq()) {
            throw failure(PostgresProblem.FENCED_OUT);
        }
        batch.changes().forEach(this::requireAcceptable);
        if (!tables.known().containsAll(batch.phases().keySet())) {
            throw failure(PostgresProblem.STORAGE_MISSING);
        }
        Set<String> touched = new TreeSet<>(batch.phases().keySet());
        batch.changes().forEach(change -> touched.add(change.table()));
        long changed = tables.apply(batch.changes(), clock.instant());
        tables.setPhases(batch.phases());
        passes.meet(batch);
        Map<String, Long> dirtied = dirty.apply(batch.dirty());
        batch.resets().forEach((lane, to) -> lanes.put(lane, new LaneState(seqOf(lane) + 1, to)));
        LaneState now = new LaneState(batch.seq() + 1, batch.after());
        lanes.put(batch.lane(), now);
        Map<String, TableStatus> statuses = new HashMap<>();
        touched.stream().filter(tables::exists).forEach(t -> statuses.put(t, tables.status(t)));
        return new Committed(now, statuses, dirtied, changed);
    }

    private void requireAcceptable(Change change) {
        requireOurs(change.table());
        if (!tables.exists(change.table())) {
            throw failure(PostgresProblem.STORAGE_MISSING);
        }
        if (refusingDeletes.contains(change.table()) && tables.deletes(change)) {
            Problem problem = Problem.of(PostgresProblem.DELETE_REFUSED, "a foreign key");
            throw new TableException(change.table(), problem, "23503", null);
        }
        if (MemoryTables.text(change).contains(HOSTILE)) {
            Problem problem = Problem.of(PostgresProblem.RECORD_REJECTED, "a hostile record");
            throw new TableException(change.table(), problem, "22P05", null);
        }
    }

    void requireOurs(String table) {
        if (foreign.contains(table)) {
            Problem problem = Problem.of(PostgresProblem.TABLE_CONFLICT, "somebody else's table");
            throw new TableException(table, problem, null, null);
        }
    }

    private long seqOf(LaneId lane) {
        return lanes.containsKey(lane) ? known(lane).seq() : -1;
    }

    LaneState known(LaneId lane) {
        LaneState state = lanes.get(lane);
        if (state == null) {
            throw failure(PostgresProblem.STORAGE_MISSING);
        }
        return state;
    }
}
