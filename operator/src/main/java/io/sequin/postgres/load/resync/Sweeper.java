package io.sequin.postgres.load.resync;

import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.PieceSize;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.lane.Lanes;
import io.sequin.postgres.load.merge.RowCounts;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.refusal.SweepGuard;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.RowGrowth;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Deletes what a full pass has not met, some rows a transaction, with the rows of children that belong to them. */
public final class Sweeper {
    /** Rows that one transaction deletes at most, but for children; fewer where that takes too long. */
    static final int CHUNK = 10_000;

    /** Rows that are handed out at once to be asked for: to find them takes a walk of the table. */
    static final int ASKED = 10_000;

    private final String schema;
    private final LateChecks late;
    private final PassRows rows;
    private final Lanes lanes;
    private final TableRecords records;
    private final Function<String, @Nullable TableTarget> targets;
    /** By table. */
    private final Map<String, PieceSize> sizes = new ConcurrentHashMap<>();

    /** @param targets tables that are there; null for others */
    public Sweeper(String schema, LateChecks late, PassRows rows, Function<String, @Nullable TableTarget> targets) {
        this.schema = schema;
        this.late = late;
        this.rows = rows;
        this.lanes = new Lanes(schema);
        this.records = new TableRecords(schema);
        this.targets = targets;
    }

    Passes.Swept run(Passes.Sweep sweep, Fence fence) {
        TableTarget target = target(sweep.table());
        List<TableTarget> children = children(sweep);
        List<LateChecks.Written> writes = Stream.concat(Stream.of(target), children.stream())
                .map(table -> new LateChecks.Written(table.shape().name(), false))
                .toList();
        PieceSize size = sizes.computeIfAbsent(sweep.table(), table -> new PieceSize(CHUNK));
        int most = size.rows();
        return size.of(
                most, () -> late.commit(Effect.SWEEP, writes, tx -> in(tx, sweep, target, children, most, fence)));
    }

    private Passes.Swept in(
            Transaction tx, Passes.Sweep sweep, TableTarget target, List<TableTarget> children, int most, Fence fence)
            throws SQLException {
        PassRows.Row row = rows.lock(tx, sweep.lane()).orElseThrow(() -> Lanes.missing(sweep.lane()));
        FullPass full = row.full();
        if (full == null || !full.complete() || !rows.isWhole(tx, row)) {
            return new Passes.Swept.Lost();
        }
        Optional<GoneRows> rowsGone = gone(tx, target.shape(), sweep.scope());
        if (rowsGone.isEmpty()) {
            return new Passes.Swept.Done();
        }
        List<RowKey> ask = toAsk(tx, sweep, full, rowsGone.get());
        if (!ask.isEmpty()) {
            return new Passes.Swept.Ask(ask);
        }
        long approved = full.approved(sweep.table());
        boolean counted = approved == 0;
        if (counted) {
            SweepGuard.Deletion deletion = count(tx, sweep, row, target, rowsGone.get());
            if (deletion.gone() == 0) {
                forgetErrors(tx, sweep, target, fence);
                return new Passes.Swept.Done();
            }
            Optional<Problem> refusal = SweepGuard.refuse(deletion, sweep.guard());
            if (refusal.isPresent()) {
                return new Passes.Swept.Refused(refusal.get());
            }
            approved = deletion.gone();
        }
        Map<String, RowCounts> deleted = delete(tx, rowsGone.get(), target, children, Math.min(most, approved));
        long own = deleted.getOrDefault(sweep.table(), RowCounts.NONE).changed();
        if (counted && own == 0) {
            throw TableRefusal.ofSilentDelete(sweep.table());
        }
        // where nothing is found any more, it is counted once more
        rows.record(tx, sweep.lane(), full.approving(sweep.table(), own == 0 ? 0 : approved - own));
        return new Passes.Swept.Some(advance(tx, sweep, row.lane(), deleted, fence));
    }

    /** What the source was not asked for yet. */
    private static List<RowKey> toAsk(Transaction tx, Passes.Sweep sweep, FullPass full, GoneRows gone)
            throws SQLException {
        if (sweep.scope().word() == Scope.Word.LISTING) {
            return List.of();
        }
        try {
            return gone.keys(tx, full.asked(sweep.table()), ASKED);
        } catch (SQLException e) {
            throw TableRefusal.ofTime(sweep.table(), e).orElseThrow(() -> e);
        }
    }

    /** Where the listing brings all there is, a record set aside that it did not bring is gone. */
    private void forgetErrors(Transaction tx, Passes.Sweep sweep, TableTarget target, Fence fence) throws SQLException {
        RowCounts forgotten = sweep.scope().isWhole() ? target.forgetUnmet(tx) : RowCounts.NONE;
        if (!forgotten.growth().equals(RowGrowth.NONE)) {
            records.apply(tx, sweep.table(), null, forgotten.growth());
            fence.check(tx);
        }
    }

    /** Empty where it can't be known which rows the listing would bring. */
    private Optional<GoneRows> gone(Transaction tx, RowShape shape, Scope scope) throws SQLException {
        if (scope.since().isEmpty() || scope.parent().isEmpty()) {
            return Optional.of(new GoneRows(schema, shape, scope, null));
        }
        TableTarget parent = targets.apply(scope.parent().get().table());
        if (parent == null) {
            return Optional.empty();
        }
        boolean whole =
                records.apply(tx, parent.shape().name(), null, RowGrowth.NONE).phase() == TablePhase.LIVE;
        return whole ? Optional.of(new GoneRows(schema, shape, scope, parent.shape())) : Optional.empty();
    }

    private SweepGuard.Deletion count(
            Transaction tx, Passes.Sweep sweep, PassRows.Row row, TableTarget target, GoneRows gone)
            throws SQLException {
        // rows that the listing leaves out would make a list that is suddenly short look harmless
        long all = countLive(tx, target, gone.listed(), gone.valuesOfListed());
        long missing = countLive(tx, target, gone.condition(), gone.values());
        String storage = tx.first(
                        "select \"storage_id\"::text from " + Identifier.quote(schema, StateTables.WRITER),
                        r -> r.getString(1))
                .orElse("");
        return new SweepGuard.Deletion(sweep.table(), storage + '/' + sweep.lane() + '/' + row.pass(), missing, all);
    }

    private static long countLive(Transaction tx, TableTarget target, String condition, List<Object> values)
            throws SQLException {
        try {
            return tx.first(target.countLive(condition), r -> r.getLong(1), values.toArray())
                    .orElseThrow();
        } catch (SQLException e) {
            throw TableRefusal.ofTime(target.shape().name(), e).orElseThrow(() -> e);
        }
    }

    private Map<String, RowCounts> delete(
            Transaction tx, GoneRows gone, TableTarget target, List<TableTarget> children, long most)
            throws SQLException {
        Map<String, RowCounts> deleted = new TreeMap<>();
        TableTarget at = target;
        try {
            target.mayMark();
            List<Object> values = new ArrayList<>(gone.values());
            values.add(most);
            List<RowKey> keys = tx.list(
                    target.deleteSome(gone.condition()),
                    row -> new RowKey(List.of((String[]) row.getArray(1).getArray())),
                    values.toArray());
            deleted.put(target.shape().name(), target.deleted(keys.size()));
            for (TableTarget child : children) {
                at = child;
                child.mayMark();
                List<Array> parents = new RowArrays(child.shape()).ofParents(tx, keys);
                long ofParents = tx.update(child.deleteOfParents(), parents.toArray());
                if (child.keepsOfParents(tx, parents)) {
                    throw TableRefusal.ofSilentDelete(child.shape().name());
                }
                deleted.put(child.shape().name(), child.deleted(ofParents));
            }
            return deleted;
        } catch (SQLException e) {
            throw TableRefusal.ofDelete(at.shape().name(), e).orElseThrow(() -> e);
        }
    }

    private Committed advance(
            Transaction tx, Passes.Sweep sweep, LaneState lane, Map<String, RowCounts> deleted, Fence fence)
            throws SQLException {
        Map<String, TableStatus> statuses = new HashMap<>();
        long changed = 0;
        for (Map.Entry<String, RowCounts> table : deleted.entrySet()) {
            RowCounts counts = table.getValue();
            statuses.put(table.getKey(), TableStatus.of(records.apply(tx, table.getKey(), null, counts.growth())));
            changed += counts.changed();
        }
        fence.check(tx);
        if (!lanes.advance(tx, sweep.lane(), lane.seq(), lane.checkpoint())) {
            throw Fence.lost("Lane " + sweep.lane() + " is not at commit " + lane.seq() + " any more");
        }
        return new Committed(new LaneState(lane.seq() + 1, lane.checkpoint()), statuses, changed);
    }

    /** Tables whose rows belong to rows of this one. */
    private List<TableTarget> children(Passes.Sweep sweep) {
        List<TableTarget> children = new ArrayList<>();
        sweep.scopes().forEach((table, scope) -> {
            TableTarget child = targets.apply(table);
            if (child != null
                    && child.shape().parent().length > 0
                    && scope.parent()
                            .filter(p -> p.table().equals(sweep.table()))
                            .isPresent()) {
                children.add(child);
            }
        });
        return children;
    }

    private TableTarget target(String table) {
        TableTarget target = targets.apply(table);
        if (target == null) {
            throw new IllegalStateException("table " + table + " was not ensured in this session");
        }
        return target;
    }
}
