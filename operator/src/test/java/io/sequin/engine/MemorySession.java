package io.sequin.engine;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Owner;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.schema.Consent;
import io.sequin.postgres.schema.Dropped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A session of a {@link MemoryDatabase}. */
final class MemorySession implements DestinationSession {
    private final MemoryDatabase database;
    private int mine = -1;
    private final Set<String> ensured = new TreeSet<>();

    MemorySession(MemoryDatabase database) {
        this.database = database;
    }

    @Override
    public Claim take(Owner owner, AccountId of, Consent consent) {
        database.faults.at("take");
        synchronized (database) {
            Optional<AccountId> before = Optional.ofNullable(database.account);
            if (!before.orElse(of).equals(of)) {
                throw MemoryDatabase.failure(PostgresProblem.ACCOUNT_CHANGED);
            }
            database.account = before.orElse(of);
            mine = ++database.token;
            database.takes++;
            Map<String, TableStatus> statuses = new HashMap<>();
            database.tables.known().forEach(t -> statuses.put(t, database.tables.status(t)));
            return new Claim("storage", before, database.lanes, statuses, database.dirty.counts());
        }
    }

    @Override
    public Set<String> retainOthers(Set<String> selected) {
        database.faults.at("retain");
        synchronized (database) {
            requireFence();
            return database.tables.retainOthers(selected);
        }
    }

    @Override
    public TableStatus ensure(TableShape shape, Set<LaneId> fills, Optional<Instant> floor) {
        database.faults.at("ensure " + shape.name());
        synchronized (database) {
            requireFence();
            database.requireOurs(shape.name());
            if (!database.tables.exists(shape.name())) {
                database.tables.create(shape.name());
                database.lanes.keySet().removeAll(fills);
                database.passes.spoil(shape.name());
            } else if (database.tables.phase(shape.name()) == TablePhase.RETAINED
                    || database.tables.isListedFromLater(shape.name(), floor)) {
                database.tables.setPhases(Map.of(shape.name(), TablePhase.FIRST_PASS));
                database.lanes.keySet().removeAll(fills);
            }
            database.tables.listedFrom(shape.name(), floor);
            ensured.add(shape.name());
            return database.tables.statusWithWork(shape.name());
        }
    }

    @Override
    public TableStatus tend(String table) {
        database.faults.at("tend " + table);
        synchronized (database) {
            requireFence();
            requireEnsured(table);
            database.tables.left.getOrDefault(table, new ArrayDeque<>()).poll();
            return database.tables.statusWithWork(table);
        }
    }

    @Override
    public Map<LaneId, LaneState> begin(Map<LaneId, Checkpoint> starts) {
        database.faults.at("begin");
        synchronized (database) {
            requireFence();
            Map<LaneId, LaneState> all = new HashMap<>();
            starts.forEach((lane, at) ->
                    all.put(lane, database.lanes.computeIfAbsent(lane, l -> new LaneState(0, at))));
            return all;
        }
    }

    @Override
    public LaneState lane(LaneId lane) {
        database.faults.at("lane " + lane);
        synchronized (database) {
            requireFence();
            return database.known(lane);
        }
    }

    @Override
    public List<Change.Hint> dirtyKeys(String table, int most) {
        database.faults.at("dirty " + table);
        synchronized (database) {
            return database.dirty.some(table, most);
        }
    }

    @Override
    public Map<String, Long> dirtyCounts() {
        database.faults.at("count");
        synchronized (database) {
            return database.dirty.counts();
        }
    }

    @Override
    public Committed commit(Batch batch) {
        database.faults.at("commit " + batch.lane());
        Committed done;
        synchronized (database) {
            requireFence();
            batch.changes().forEach(c -> requireEnsured(c.table()));
            done = database.apply(batch);
        }
        database.commits.add(batch);
        database.faults.at("committed " + batch.lane());
        return done;
    }

    @Override
    public void renew(Map<LaneId, Long> at) {
        database.faults.at("renew");
        synchronized (database) {
            requireFence();
            at.forEach((lane, seq) -> {
                if (database.known(lane).seq() != seq) {
                    throw MemoryDatabase.failure(PostgresProblem.FENCED_OUT);
                }
            });
            database.renewals.add(database.clock.instant());
        }
    }

    @Override
    public Optional<Duration> endLeftovers() {
        return database.leftovers.get();
    }

    @Override
    public Passes passes() {
        return new MemorySessionPasses(database, this::requireFence);
    }

    @Override
    public void release(Owner owner) {
        database.faults.at("release");
        synchronized (database) {
            if (mine >= 0) {
                requireFence();
            }
            database.released++;
        }
    }

    @Override
    public Dropped drop(Owner owner) {
        database.faults.at("drop");
        database.dropAll();
        database.dropped++;
        return database.keptByOthers;
    }

    @Override
    public void refreshCredentials() {
        database.faults.at("refresh");
        synchronized (database) {
            database.refreshed++;
        }
    }

    @Override
    public void close() {
        synchronized (database) {
            database.open--;
        }
    }

    private void requireEnsured(String table) {
        if (!ensured.contains(table)) {
            throw new IllegalStateException("table " + table + " was not ensured in this session");
        }
    }

    private void requireFence() {
        if (mine != database.token) {
            throw MemoryDatabase.failure(PostgresProblem.FENCED_OUT);
        }
    }
}
