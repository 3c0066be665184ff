package io.sequin.engine;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.DestinationSessions;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.postgres.schema.Consent;
import io.sequin.postgres.schema.Dropped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** One schema of a database, with transactions, fence and sequence numbers as the real one has them. */
final class MemoryDatabase implements DestinationSessions {
    /** A record with this in it is refused. */
    static final String HOSTILE = "hostile";

    final List<Batch> commits = new CopyOnWriteArrayList<>();
    /** When a session has renewed the claim. */
    final List<Instant> renewals = new CopyOnWriteArrayList<>();

    volatile Faults faults = Faults.NONE;
    /** Tables that somebody else has made. */
    volatile Set<String> foreign = Set.of();
    /** Tables whose rows a constraint of the user's keeps. */
    volatile Set<String> refusingDeletes = Set.of();

    /** What a drop says that it had to leave. */
    volatile Dropped keptByOthers = Dropped.NOTHING;

    private final Clock clock;
    private final MemoryTables tables = new MemoryTables();
    private final MemoryDirtyKeys dirty = new MemoryDirtyKeys();
    private final Map<LaneId, LaneState> lanes = new HashMap<>();
    final MemoryPasses passes = new MemoryPasses(tables, lanes, this::isDirty);
    private @Nullable AccountId account;
    private int token;
    private int takes;
    private int open;
    private int released;
    private int refreshed;
    private int dropped;

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
        return new Session();
    }

    static PostgresException failure(PostgresProblem code) {
        return new PostgresException(Problem.of(code, "as the test wants"), null, null);
    }

    private final class Session implements DestinationSession {
        private int mine = -1;
        private final Set<String> ensured = new TreeSet<>();

        @Override
        public Claim take(Owner owner, AccountId of, Consent consent) {
            faults.at("take");
            synchronized (MemoryDatabase.this) {
                Optional<AccountId> before = Optional.ofNullable(account);
                if (!before.orElse(of).equals(of)) {
                    throw failure(PostgresProblem.ACCOUNT_CHANGED);
                }
                account = before.orElse(of);
                mine = ++token;
                takes++;
                Map<String, TableStatus> statuses = new HashMap<>();
                tables.known().forEach(t -> statuses.put(t, tables.status(t)));
                return new Claim("storage", before, lanes, statuses, dirty.counts());
            }
        }

        @Override
        public Set<String> retainOthers(Set<String> selected) {
            faults.at("retain");
            synchronized (MemoryDatabase.this) {
                requireFence();
                return tables.retainOthers(selected);
            }
        }

        @Override
        public TableStatus ensure(TableShape shape, Set<LaneId> fills) {
            faults.at("ensure " + shape.name());
            synchronized (MemoryDatabase.this) {
                requireFence();
                requireOurs(shape.name());
                if (!tables.exists(shape.name())) {
                    tables.create(shape.name());
                    lanes.keySet().removeAll(fills);
                    passes.spoil(shape.name());
                } else if (tables.phase(shape.name()) == TablePhase.RETAINED) {
                    tables.setPhases(Map.of(shape.name(), TablePhase.FIRST_PASS));
                    lanes.keySet().removeAll(fills);
                }
                ensured.add(shape.name());
                return tables.statusWithWork(shape.name());
            }
        }

        @Override
        public TableStatus tend(String table) {
            faults.at("tend " + table);
            synchronized (MemoryDatabase.this) {
                requireFence();
                requireEnsured(table);
                tables.left.getOrDefault(table, new ArrayDeque<>()).poll();
                return tables.statusWithWork(table);
            }
        }

        @Override
        public Map<LaneId, LaneState> begin(Map<LaneId, Checkpoint> starts) {
            faults.at("begin");
            synchronized (MemoryDatabase.this) {
                requireFence();
                Map<LaneId, LaneState> all = new HashMap<>();
                starts.forEach((lane, at) -> all.put(lane, lanes.computeIfAbsent(lane, l -> new LaneState(0, at))));
                return all;
            }
        }

        @Override
        public LaneState lane(LaneId lane) {
            faults.at("lane " + lane);
            synchronized (MemoryDatabase.this) {
                requireFence();
                return known(lane);
            }
        }

        @Override
        public List<Change.Hint> dirtyKeys(String table, int most) {
            faults.at("dirty " + table);
            synchronized (MemoryDatabase.this) {
                return dirty.some(table, most);
            }
        }

        @Override
        public Map<String, Long> dirtyCounts() {
            faults.at("count");
            synchronized (MemoryDatabase.this) {
                return dirty.counts();
            }
        }

        @Override
        public Committed commit(Batch batch) {
            faults.at("commit " + batch.lane());
            Committed done;
            synchronized (MemoryDatabase.this) {
                requireFence();
                batch.changes().forEach(c -> requireEnsured(c.table()));
                done = apply(batch);
            }
            commits.add(batch);
            faults.at("committed " + batch.lane());
            return done;
        }

        @Override
        public void renew(Map<LaneId, Long> at) {
            faults.at("renew");
            synchronized (MemoryDatabase.this) {
                requireFence();
                at.forEach((lane, seq) -> {
                    if (known(lane).seq() != seq) {
                        throw failure(PostgresProblem.FENCED_OUT);
                    }
                });
                renewals.add(clock.instant());
            }
        }

        @Override
        public Passes passes() {
            return passes.of(MemoryDatabase.this, this::requireFence, clock::instant);
        }

        @Override
        public void release(Owner owner) {
            faults.at("release");
            synchronized (MemoryDatabase.this) {
                if (mine >= 0) {
                    requireFence();
                }
                released++;
            }
        }

        @Override
        public Dropped drop(Owner owner) {
            faults.at("drop");
            dropAll();
            dropped++;
            return keptByOthers;
        }

        @Override
        public void refreshCredentials() {
            faults.at("refresh");
            synchronized (MemoryDatabase.this) {
                refreshed++;
            }
        }

        @Override
        public void close() {
            synchronized (MemoryDatabase.this) {
                open--;
            }
        }

        private void requireEnsured(String table) {
            if (!ensured.contains(table)) {
                throw new IllegalStateException("table " + table + " was not ensured in this session");
            }
        }

        private void requireFence() {
            if (mine != token) {
                throw failure(PostgresProblem.FENCED_OUT);
            }
        }
    }

    private Committed apply(Batch batch) {
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

    private void requireOurs(String table) {
        if (foreign.contains(table)) {
            Problem problem = Problem.of(PostgresProblem.TABLE_CONFLICT, "somebody else's table");
            throw new TableException(table, problem, null, null);
        }
    }

    private long seqOf(LaneId lane) {
        return lanes.containsKey(lane) ? known(lane).seq() : -1;
    }

    private LaneState known(LaneId lane) {
        LaneState state = lanes.get(lane);
        if (state == null) {
            throw failure(PostgresProblem.STORAGE_MISSING);
        }
        return state;
    }
}
