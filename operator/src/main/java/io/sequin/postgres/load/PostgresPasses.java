package io.sequin.postgres.load;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.ResyncRequest;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.ResyncRecord;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Full passes on a real Postgres. */
final class PostgresPasses implements Passes {
    private final String schema;
    private final Transactions transactions;
    private final TableLocks locks;
    private final PassRows rows;
    private final SeenKeys seen;
    private final Sweeper sweeper;
    private final Lanes lanes;
    private final Supplier<Fence> fence;

    PostgresPasses(
            String schema,
            Transactions transactions,
            TableLocks locks,
            PassRows rows,
            SeenKeys seen,
            Sweeper sweeper,
            Supplier<Fence> fence) {
        this.schema = schema;
        this.transactions = transactions;
        this.locks = locks;
        this.rows = rows;
        this.seen = seen;
        this.sweeper = sweeper;
        this.lanes = new Lanes(schema);
        this.fence = fence;
    }

    @Override
    public ResyncState request(Optional<ResyncRequest> asked, Set<String> filled) {
        Fence mine = fence.get();
        ResyncDecision decision = transactions.commit(Effect.REQUEST, tx -> request(tx, mine, asked, filled));
        if (decision.endsPasses()) {
            seen.endAll();
        }
        return state(decision.record(), decision.unknown());
    }

    private ResyncDecision request(Transaction tx, Fence mine, Optional<ResyncRequest> asked, Set<String> filled)
            throws SQLException {
        ResyncRecord recorded = ResyncRecord.lock(tx, schema);
        boolean untouched = recorded.equals(ResyncRecord.NONE) && lanes.all(tx).isEmpty();
        ResyncDecision decision = ResyncDecision.of(recorded, asked, filled, untouched);
        if (decision.endsPasses()) {
            rows.endAll(tx);
        }
        if (!decision.record().equals(recorded)) {
            decision.record().write(tx, schema);
        }
        mine.check(tx);
        return decision;
    }

    @Override
    public LaneState start(LaneId lane, Set<String> tables, Checkpoint start) {
        Fence mine = fence.get();
        return locks.under(tables, () -> {
            // before the commit: where its answer is lost, some keys too many are of no harm
            seen.begin(lane, tables);
            return transactions.commit(Effect.START_PASS, tx -> {
                rows.start(tx, lane, FullPass.of(tables), start);
                LaneState state = row(tx, lane).lane();
                mine.check(tx);
                return state;
            });
        });
    }

    @Override
    public Optional<Resumed> resume(LaneId lane, Set<String> tables) {
        return locks.under(
                tables,
                () -> transactions.rollback(tx -> {
                    Optional<PassRows.Row> row = rows.lock(tx, lane);
                    FullPass full = row.map(PassRows.Row::full).orElse(null);
                    if (full == null || !full.tables().equals(tables) || !rows.isWhole(tx, row.get())) {
                        return Optional.empty();
                    }
                    return Optional.of(new Resumed(row.get().lane(), full.complete()));
                }));
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
        return sweeper.run(sweep, fence.get());
    }

    @Override
    public ResyncState finish(LaneId lane, Set<String> tables) {
        Fence mine = fence.get();
        return locks.under(tables, () -> {
            ResyncRecord record = transactions.commit(Effect.FINISH_PASS, tx -> {
                rows.end(tx, lane, tables);
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
        });
    }

    private PassRows.Row row(Transaction tx, LaneId lane) throws SQLException {
        return rows.lock(tx, lane).orElseThrow(() -> Lanes.missing(lane));
    }

    private static ResyncState state(ResyncRecord record, Set<String> unknown) {
        return new ResyncState(Optional.ofNullable(record.handled()), record.left(), unknown, record.foreign());
    }
}
