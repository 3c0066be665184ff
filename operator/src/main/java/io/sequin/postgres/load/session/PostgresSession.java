package io.sequin.postgres.load.session;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Deletes;
import io.sequin.data.LaneId;
import io.sequin.data.Owner;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.Database;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.CommitListener;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.lane.DirtyKeys;
import io.sequin.postgres.load.lane.Lanes;
import io.sequin.postgres.load.refusal.AlteredTables;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.load.resync.MetKeys;
import io.sequin.postgres.load.resync.PassRows;
import io.sequin.postgres.load.resync.PostgresPasses;
import io.sequin.postgres.load.resync.SeenKeys;
import io.sequin.postgres.load.resync.Sweeper;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.row.RowShapes;
import io.sequin.postgres.load.table.Care;
import io.sequin.postgres.load.table.NeedsCare;
import io.sequin.postgres.load.table.TableWriter;
import io.sequin.postgres.load.upkeep.Tending;
import io.sequin.postgres.schema.Consent;
import io.sequin.postgres.schema.Dropped;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.Leftovers;
import io.sequin.postgres.schema.SchemaClaim;
import io.sequin.postgres.schema.SchemaDrop;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Tables;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import io.sequin.postgres.schema.WriteTimeouts;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A session on a real Postgres. Owns the pool it is given. */
final class PostgresSession implements DestinationSession {
    private final Database database;
    private final MeasuredCommits measured;
    private final Transactions transactions;
    private final LateChecks late;
    private final Leftovers leftovers;
    private final SchemaClaim claim;
    private final Tables tables;
    private final TableRecords records;
    private final Lanes lanes;
    private final SeenKeys seen;
    private final Passes passes;
    private final DirtyKeys dirty;
    private final AlteredTables altered;
    private final String schema;
    private final WriteRules rules;
    private final SessionTables ours;
    private volatile @Nullable Fence fence;
    private volatile boolean canStage;

    PostgresSession(
            Database database,
            String schema,
            WriteRules rules,
            WriteTimeouts timeouts,
            CommitListener listener,
            RowShapes shapes) {
        this.rules = rules;
        this.database = database;
        this.measured = new MeasuredCommits(listener);
        this.schema = schema;
        this.transactions = new Transactions(database, schema, timeouts);
        this.late = new LateChecks(transactions, schema);
        this.leftovers = new Leftovers(transactions, schema, timeouts);
        this.claim = new SchemaClaim(schema);
        this.records = new TableRecords(schema);
        this.tables = new Tables(schema, records, rules.newColumns());
        this.ours = new SessionTables(schema, rules, transactions, late, records, shapes);
        this.lanes = new Lanes(schema);
        PassRows rows = new PassRows(schema);
        this.seen = new SeenKeys(rows);
        this.altered = new AlteredTables(transactions, schema, ours::keys);
        MetKeys met = new MetKeys(schema, transactions, rows);
        Sweeper sweeper = new Sweeper(schema, late, rows, met, records, ours::find);
        this.passes = new PostgresPasses(schema, transactions, rows, met, seen, sweeper, altered, this::fence);
        this.dirty = new DirtyKeys(schema);
    }

    @Override
    public Claim take(Owner owner, AccountId account, Consent consent) {
        TakeAttempts attempts = new TakeAttempts(transactions, claim, leftovers);
        return attempts.take(owner, account, consent, () -> {
            Claim taken = transactions.commit(Effect.TAKE, tx -> take(tx, owner, account, consent));
            leftovers.endAll(fence());
            return taken;
        });
    }

    private Claim take(Transaction tx, Owner owner, AccountId account, Consent consent) throws SQLException {
        SchemaClaim.Taken taken = claim.take(tx, owner, account, consent);
        Map<String, TableStatus> statuses =
                records.all(tx).stream().collect(Collectors.toMap(TableRecord::name, TableStatus::of));
        Claim found = new Claim(taken.storageId(), taken.account(), lanes.all(tx), statuses, dirty.counts(tx));
        seen.load(tx);
        canStage = taken.canStage();
        // a token whose commit fails is no one's: then this session is fenced out and must take again
        fence = taken.fence();
        return found;
    }

    @Override
    public Set<String> retainOthers(Set<String> selected) {
        Fence mine = fence();
        return transactions.commit(Effect.RETAIN, tx -> {
            Set<String> retained = records.retainOthers(tx, selected);
            mine.check(tx);
            return retained;
        });
    }

    @Override
    public TableStatus ensure(TableShape shape, Set<LaneId> fills, Optional<Instant> floor) {
        RowShape.requireSound(shape);
        return altered.explaining(shape.name(), () -> ensureSound(shape, fills, floor));
    }

    private TableStatus ensureSound(TableShape shape, Set<LaneId> fills, Optional<Instant> floor) {
        Fence mine = fence();
        Tables.Ensured ensured = leftovers.outOfTheWay(
                mine,
                List.of(shape.name()),
                () -> transactions.commit(Effect.ENSURE, tx -> ensure(tx, shape, fills, floor, mine)));
        return ours.ensured(ensured, database.majorVersion(), mine);
    }

    @Override
    public TableStatus tend(String table) {
        Tending tending = ours.tending(table);
        TableStatus now = altered.explaining(table, () -> tending.some(leftovers));
        ours.know(table, now);
        return now;
    }

    private Tables.Ensured ensure(
            Transaction tx, TableShape shape, Set<LaneId> fills, Optional<Instant> floor, Fence mine)
            throws SQLException {
        Tables.Ensured ensured = TableRefusal.inTime(shape.name(), () -> tables.ensure(tx, shape, floor));
        if (ensured.anew()) {
            for (LaneId lane : fills) {
                lanes.forget(tx, lane);
            }
            seen.spoil(tx, shape.name());
        }
        if (rules.deletes() == Deletes.SOFT) {
            // who has confirmed a purge has not confirmed the next one
            records.purge(tx, shape.name(), Optional.empty());
        }
        mine.check(tx);
        return ensured;
    }

    @Override
    public Map<LaneId, LaneState> begin(Map<LaneId, Checkpoint> starts) {
        Fence mine = fence();
        return transactions.commit(Effect.BEGIN, tx -> {
            for (Map.Entry<LaneId, Checkpoint> start : starts.entrySet()) {
                lanes.begin(tx, start.getKey(), start.getValue());
            }
            Map<LaneId, LaneState> found = new HashMap<>(lanes.all(tx));
            found.keySet().retainAll(starts.keySet());
            mine.check(tx);
            return found;
        });
    }

    @Override
    public LaneState lane(LaneId lane) {
        return transactions.rollback(tx -> lanes.lock(tx, lane)).orElseThrow(() -> Lanes.missing(lane));
    }

    @Override
    public List<Change.Hint> dirtyKeys(String table, int most) {
        return transactions.rollback(tx -> dirty.some(tx, table, most));
    }

    @Override
    public Map<String, Long> dirtyCounts() {
        return transactions.rollback(dirty::counts);
    }

    @Override
    public Committed commit(Batch batch) {
        Fence mine = fence();
        BatchCommit commit = new BatchCommit(batch);
        Committed committed = altered.explaining(() ->
                leftovers.outOfTheWay(mine, commit.tables(), () -> measured.run(() -> commit(commit, mine))));
        batch.phases().forEach(ours::settle);
        committed.tables().forEach(ours::know);
        return committed;
    }

    private Committed commit(BatchCommit commit, Fence mine) {
        TableWriter writer = new TableWriter(canStage);
        Map<String, Care> care = new HashMap<>();
        while (true) {
            try {
                return late.commit(
                        Effect.COMMIT_BATCH,
                        commit.writes(),
                        tx -> commit.in(tx, writer, ours::target, care, records, lanes, seen, dirty, mine));
            } catch (NeedsCare e) {
                Care before = care.put(e.table(), e.care());
                if (before != null && before.compareTo(e.care()) >= 0) {
                    throw new IllegalStateException("table " + e.table() + " is written with care already", e);
                }
            }
        }
    }

    @Override
    public void renew(Map<LaneId, Long> at) {
        Fence mine = fence();
        transactions.commit(Effect.RENEW, tx -> {
            claim.renew(tx, mine);
            lanes.requireAt(tx, at);
            return true;
        });
    }

    @Override
    public Optional<Duration> endLeftovers() {
        return leftovers.endDue(fence());
    }

    @Override
    public Passes passes() {
        return passes;
    }

    @Override
    public void release(Owner owner) {
        new Release(transactions, claim).run(owner, fence);
    }

    @Override
    public Dropped drop(Owner owner) {
        return new SchemaDrop(transactions, schema).run(owner);
    }

    @Override
    public void refreshCredentials() {
        database.refreshCredentials();
    }

    @Override
    public void close() {
        database.close();
    }

    private Fence fence() {
        Fence mine = fence;
        if (mine == null) {
            throw new IllegalStateException("the schema was not taken");
        }
        return mine;
    }
}
