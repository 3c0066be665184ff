package io.sequin.postgres.load.resync;

import io.sequin.data.Problem;
import io.sequin.data.Scope;
import io.sequin.data.SmallMap;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.PieceSize;
import io.sequin.postgres.load.lane.Lanes;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.ParentIndex;
import io.sequin.postgres.schema.RowGrowth;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what a full pass has not met, with the rows of children that belong to it. A table is walked along its keys, some
 * rows a transaction: for what the source must be asked for, then to count what is gone, then to delete it.
 */
public final class Sweeper {
    /** Rows that one transaction looks at, but for children; fewer where that takes too long. */
    static final int CHUNK = 10_000;

    private final String schema;
    private final LateChecks late;
    private final PassRows rows;
    private final MetKeys met;
    private final TableRecords records;
    private final ParentIndex index;
    private final Function<String, @Nullable TableTarget> targets;
    /** By table. */
    private final SmallMap<String, PieceSize> sizes = new SmallMap<>();
    /** By table; in memory, since a walk that begins anew costs time alone. */
    private final SmallMap<String, SweepWalk> walks = new SmallMap<>();

    /** @param targets tables that are there; null for others */
    public Sweeper(
            String schema,
            LateChecks late,
            PassRows rows,
            MetKeys met,
            TableRecords records,
            Function<String, @Nullable TableTarget> targets) {
        this.schema = schema;
        this.late = late;
        this.rows = rows;
        this.met = met;
        this.records = records;
        this.index = new ParentIndex(schema);
        this.targets = targets;
    }

    Passes.Swept run(Passes.Sweep sweep, Fence fence) {
        TableTarget target = target(sweep.table());
        List<TableTarget> children = children(sweep);
        List<LateChecks.Written> writes = Stream.concat(Stream.of(target), children.stream())
                .map(table -> new LateChecks.Written(table.shape().name(), false))
                .toList();
        if (!met.isCounted(sweep.lane()) && !met.count(sweep.lane())) {
            return new Passes.Swept.Lost();
        }
        PieceSize size = sizes.computeIfAbsent(sweep.table(), table -> new PieceSize(CHUNK));
        int most = size.rows();
        SweepWalk.Step step = size.of(
                most, () -> late.commit(Effect.SWEEP, writes, tx -> in(tx, sweep, target, children, most, fence)));
        // only now: what was not committed was not looked at
        step.walk().ifPresentOrElse(walk -> walks.put(sweep.table(), walk), () -> walks.remove(sweep.table()));
        return step.swept();
    }

    private SweepWalk.Step in(
            Transaction tx, Passes.Sweep sweep, TableTarget target, List<TableTarget> children, int most, Fence fence)
            throws SQLException {
        PassRows.Row row = rows.lock(tx, sweep.lane()).orElseThrow(() -> Lanes.missing(sweep.lane()));
        FullPass full = row.full();
        if (full == null || !full.complete() || !met.isWhole(sweep.lane(), row)) {
            return SweepWalk.Step.last(new Passes.Swept.Lost());
        }
        Optional<GoneRows> gone = gone(tx, target.shape(), sweep.scope());
        if (gone.isEmpty()) {
            return SweepWalk.Step.last(new Passes.Swept.Done());
        }
        Optional<SweepWalk> before =
                walks.get(sweep.table()).filter(walk -> walk.pass().equals(SweepStep.pass(sweep, row)));
        Optional<Problem> slow = before.isPresent() ? Optional.empty() : unindexed(tx, target.shape());
        if (slow.isPresent()) {
            return SweepWalk.Step.last(new Passes.Swept.Refused(slow.get()));
        }
        return new SweepStep(schema, rows, tx, sweep, row, full, gone.get(), target, children, most, fence).run(before);
    }

    /** Why its rows can't be walked through by their parents. */
    private Optional<Problem> unindexed(Transaction tx, RowShape shape) throws SQLException {
        if (shape.parent().length == 0) {
            return Optional.empty();
        }
        TableRecord known = records.apply(tx, shape.name(), null, RowGrowth.NONE);
        String parent = shape.column(shape.parent()[0]).name();
        return index.missingForAWalk(tx, shape.name(), parent, known.rows() + known.marked());
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
