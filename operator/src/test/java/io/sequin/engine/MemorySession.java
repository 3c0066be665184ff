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
import java.util.function.Supplier;

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
        return in("take", () -> {
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
        });
    }

    @Override
    public Set<String> retainOthers(Set<String> selected) {
        return in("retain", () -> {
            requireFence();
            return database.tables.retainOthers(selected);
        });
    }

    @Override
    public TableStatus ensure(TableShape shape, Set<LaneId> fills, Optional<Instant> floor) {
        return in("ensure " + shape.name(), () -> {
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
        });
    }

    @Override
    public TableStatus tend(String table) {
        return in("tend " + table, () -> {
            requireFence();
            requireEnsured(table);
            database.tables.left.getOrDefault(table, new ArrayDeque<>()).poll();
            return database.tables.statusWithWork(table);
        });
    }

    @Override
    public Map<LaneId, LaneState> begin(Map<LaneId, Checkpoint> starts) {
        return in("begin", () -> {
            requireFence();
            Map<LaneId, LaneState> all = new HashMap<>();
            starts.forEach((lane, at) ->
                    all.put(lane, database.lanes.computeIfAbsent(lane, l -> new LaneState(0, at))));
            return all;
        });
    }

    @Override
    public LaneState lane(LaneId lane) {
        return in("lane " + lane, () -> {
            requireFence();
            return database.known(lane);
        });
    }

    @Override
    public List<Change.Hint> dirtyKeys(String table, int most) {
        return in("dirty " + table, () -> database.dirty.some(table, most));
    }

    @Override
    public Map<String, Long> dirtyCounts() {
        return in("count", () -> database.dirty.counts());
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

    /** Does something in the database, between its point and its answer. */
    private <T> T in(String point, Supplier<T> work) {
        database.faults.at(point);
        T done;
        synchronized (database) {
            done = work.get();
        }
        database.answers.at(point);
        return done;
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
