package io.sequin.postgres.load.resync;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.ResyncRequest;
import io.sequin.data.RowKey;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.ResyncState;
import io.sequin.postgres.load.lane.Lanes;
import io.sequin.postgres.load.refusal.AlteredTables;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.ResyncRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Full passes on a real Postgres. */
public final class PostgresPasses implements Passes {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresPasses.class);

    private final String schema;
    private final Transactions transactions;
    private final PassRows rows;
    private final MetKeys met;
    private final SeenKeys seen;
    private final Sweeper sweeper;
    private final Lanes lanes;
    private final TableRecords tables;
    private final AlteredTables altered;
    private final Supplier<Fence> fence;

    public PostgresPasses(
            String schema,
            Transactions transactions,
            PassRows rows,
            MetKeys met,
            SeenKeys seen,
            Sweeper sweeper,
            AlteredTables altered,
            Supplier<Fence> fence) {
        this.schema = schema;
        this.transactions = transactions;
        this.rows = rows;
        this.met = met;
        this.seen = seen;
        this.sweeper = sweeper;
        this.altered = altered;
        this.lanes = new Lanes(schema);
        this.tables = new TableRecords(schema);
        this.fence = fence;
    }

    @Override
    public ResyncState request(Optional<ResyncRequest> asked, Set<String> filled) {
        Fence mine = fence.get();
        Requested requested = transactions.commit(Effect.REQUEST, tx -> request(tx, mine, asked, filled));
        if (requested.ends()) {
            seen.endAll();
        }
        clear(mine);
        return state(requested.decision().record(), requested.decision().unknown());
    }

    /** @param ends passes that were under way are over */
    private record Requested(ResyncDecision decision, boolean ends) {}

    private Requested request(Transaction tx, Fence mine, Optional<ResyncRequest> asked, Set<String> filled)
            throws SQLException {
        ResyncRecord recorded = ResyncRecord.lock(tx, schema);
        // without lanes there may be rows all the same: a person made the schema start over
        boolean untouched = recorded.equals(ResyncRecord.NONE) && lanes.all(tx).isEmpty() && !tables.holdRows(tx);
        ResyncDecision decision = ResyncDecision.of(recorded, asked, filled, untouched);
        boolean ends = seen.isOfAnyPass() && decision.endsPasses(recorded);
        if (ends) {
            rows.endAll(tx);
        }
        if (!decision.record().equals(recorded)) {
            decision.record().write(tx, schema);
        }
        mine.check(tx);
        return new Requested(decision, ends);
    }

    /** What is left of passes that were ended is of no use and of no harm: it stops nobody. */
    private void clear(Fence mine) {
        try {
            transactions.commit(Effect.FORGET_KEYS, tx -> {
                met.clear(tx);
                mine.check(tx);
                return true;
            });
        } catch (PostgresException e) {
            if (e.problem().code() != PostgresProblem.LOCK_TIMEOUT) {
                throw e;
            }
            LOG.info("schema {}: keys that earlier re-syncs have met stay until somebody has read them", schema);
        }
    }

    @Override
    public void forget(Set<String> tables) {
        seen.end(tables);
        met.forget(tables, fence.get());
    }

    @Override
    public boolean isWhole(LaneId lane) {
        return met.count(lane);
    }

    @Override
    public LaneState start(LaneId lane, Listing what, Checkpoint start) {
        Fence mine = fence.get();
        met.begin(lane);
        met.forget(what.tables(), mine);
        // before the commit: where its answer is lost, some keys too many are of no harm
        seen.begin(lane, what.tables());
        return transactions.commit(Effect.START_PASS, tx -> {
            rows.start(tx, lane, FullPass.of(what), start);
            LaneState state = row(tx, lane).lane();
            mine.check(tx);
            return state;
        });
    }

    @Override
    public Resumed resume(LaneId lane, Listing what) {
        return transactions.rollback(tx -> {
            Optional<PassRows.Row> row = rows.lock(tx, lane);
            FullPass full = row.map(PassRows.Row::full).orElse(null);
            if (full == null) {
                ResyncRecord record = ResyncRecord.read(tx, schema);
                if (what.tables().stream().anyMatch(record.left()::contains)) {
                    return new Resumed.Anew();
                }
                // the answer to its end was lost
                seen.end(lane);
                return new Resumed.Over(state(record, Set.of()));
            }
            return full.lists(what) && !met.isLost(lane, row.get())
                    ? new Resumed.Going(row.get().lane(), full.complete())
                    : new Resumed.Anew();
        });
    }

    @Override
    public void complete(LaneId lane) {
        Fence mine = fence.get();
        transactions.commit(Effect.COMPLETE_PASS, tx -> {
            FullPass full = row(tx, lane).full();
            if (full != null) {
                rows.record(tx, lane, full.completed());
                rows.analyze(tx);
            }
            mine.check(tx);
            return true;
        });
    }

    @Override
    public Swept sweep(Sweep sweep) {
        return altered.explaining(sweep.table(), () -> sweeper.run(sweep, fence.get()));
    }

    @Override
    public void asked(LaneId lane, String table, RowKey last) {
        Fence mine = fence.get();
        transactions.commit(Effect.ASK_ROWS, tx -> {
            FullPass full = row(tx, lane).full();
            if (full != null) {
                rows.record(tx, lane, full.asking(table, last));
            }
            mine.check(tx);
            return true;
        });
    }

    @Override
    public ResyncState finish(LaneId lane, Set<String> tables) {
        Fence mine = fence.get();
        ResyncRecord record = transactions.commit(Effect.FINISH_PASS, tx -> {
            rows.end(tx, lane);
            ResyncRecord before = ResyncRecord.lock(tx, schema);
            ResyncRecord after = before.without(tables);
            if (!after.equals(before)) {
                after.write(tx, schema);
            }
            mine.check(tx);
            return after;
        });
        seen.end(lane);
        return state(record, Set.of());
    }

    private PassRows.Row row(Transaction tx, LaneId lane) throws SQLException {
        return rows.lock(tx, lane).orElseThrow(() -> Lanes.missing(lane));
    }

    private static ResyncState state(ResyncRecord record, Set<String> unknown) {
        return new ResyncState(
                Optional.ofNullable(record.handled()),
                Optional.ofNullable(record.token()),
                record.left(),
                unknown,
                record.writtenBefore());
    }
}
