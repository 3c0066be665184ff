package io.sequin.postgres.load.resync;

import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.lane.Lanes;
import io.sequin.postgres.load.merge.RowCounts;
import io.sequin.postgres.load.refusal.SweepGuard;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.RowCount;
import io.sequin.postgres.schema.RowGrowth;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One transaction of a sweep, over some rows of a table.
 *
 * @param row the pass, whose row is locked
 * @param full what it lists; it is whole and at its end
 * @param gone what it has not met
 * @param children tables whose rows belong to rows of this one
 * @param most rows that are looked at
 */
record SweepStep(
        String schema,
        PassRows rows,
        Transaction tx,
        Passes.Sweep sweep,
        PassRows.Row row,
        FullPass full,
        GoneRows gone,
        TableTarget target,
        List<TableTarget> children,
        int most,
        Fence fence) {

    /**
     * Does it.
     *
     * @param before how far the walk has come; empty: it has not begun, or was over
     */
    SweepWalk.Step run(Optional<SweepWalk> before) throws SQLException {
        try {
            if (before.isEmpty() && sweep.scope().word() != Scope.Word.LISTING) {
                Optional<Passes.Swept> asking = ask(new GoneRows.Piece(full.asked(sweep.table()), most));
                if (asking.isPresent()) {
                    return SweepWalk.Step.last(asking.get());
                }
            }
            boolean deletes = full.approved(sweep.table()) > 0;
            SweepWalk walk = before.filter(known -> known.deletes() == deletes)
                    .orElseGet(() -> SweepWalk.begin(pass(sweep, row), deletes));
            GoneRows.Piece piece = new GoneRows.Piece(walk.at(), most);
            return deletes ? delete(walk, piece) : count(walk, piece);
        } catch (SQLException e) {
            throw TableRefusal.ofTime(sweep.table(), e).orElseThrow(() -> e);
        }
    }

    /** What tells a pass from all others. */
    static String pass(Passes.Sweep sweep, PassRows.Row row) {
        return sweep.lane() + "/" + row.pass();
    }

    /** What the source was not asked for yet; empty: nothing is left. */
    private Optional<Passes.Swept> ask(GoneRows.Piece piece) throws SQLException {
        GoneRows.Unmet unmet = gone.unmet(tx, piece);
        if (!unmet.keys().isEmpty()) {
            return Optional.of(new Passes.Swept.Ask(unmet.keys()));
        }
        if (unmet.end().isPresent()) {
            // all up to there were met, and stay so
            rows.record(tx, sweep.lane(), full.asking(sweep.table(), unmet.end().get()));
            fence.check(tx);
        }
        return unmet.end().map(last -> new Passes.Swept.More());
    }

    private SweepWalk.Step count(SweepWalk walk, GoneRows.Piece piece) throws SQLException {
        Optional<RowKey> end = gone.end(tx, piece);
        // rows that the listing leaves out would make a list that is suddenly short look harmless
        SweepWalk counted = walk.to(end, gone.count(tx, piece), gone.countListed(tx, piece));
        if (end.isPresent()) {
            return SweepWalk.Step.more(counted);
        }
        if (counted.gone() == 0) {
            RowCounts wrong = forgetErrors().plus(miscounted());
            return SweepWalk.Step.last(
                    wrong.equals(RowCounts.NONE)
                            ? new Passes.Swept.Done()
                            : new Passes.Swept.Done(Optional.of(advance(Map.of(sweep.table(), wrong)))));
        }
        String storage = tx.first(
                        "select \"storage_id\"::text from " + Identifier.quote(schema, StateTables.WRITER),
                        r -> r.getString(1))
                .orElse("");
        SweepGuard.Deletion deletion =
                new SweepGuard.Deletion(sweep.table(), storage + '/' + walk.pass(), counted.gone(), counted.all());
        Optional<Problem> refusal = SweepGuard.refuse(deletion, sweep.guard());
        if (refusal.isPresent()) {
            return SweepWalk.Step.last(new Passes.Swept.Refused(refusal.get()));
        }
        rows.record(tx, sweep.lane(), full.approving(sweep.table(), counted.gone()));
        fence.check(tx);
        return SweepWalk.Step.more(SweepWalk.begin(walk.pass(), true));
    }

    /** Where the listing brings all there is, a record set aside that it did not bring is gone. */
    private RowCounts forgetErrors() throws SQLException {
        return sweep.scope().isWhole() ? target.forgetUnmet(tx) : RowCounts.NONE;
    }

    private RowCounts miscounted() throws SQLException {
        RowGrowth by = RowCount.correction(tx, schema, sweep.table());
        return new RowCounts(0, by.rows(), by.marked(), 0, false);
    }

    private SweepWalk.Step delete(SweepWalk walk, GoneRows.Piece piece) throws SQLException {
        long approved = full.approved(sweep.table());
        Optional<RowKey> end = gone.end(tx, piece);
        long there = gone.count(tx, piece);
        Map<String, RowCounts> deleted = there == 0 ? Map.of() : delete(piece, Math.min(most, approved));
        long own = deleted.getOrDefault(sweep.table(), RowCounts.NONE).changed();
        if (there > 0 && own == 0) {
            throw TableRefusal.ofSilentDelete(sweep.table());
        }
        // at the end of the walk, or of what was approved, it is counted once more
        boolean over = end.isEmpty() && own >= there;
        long left = over ? 0 : Math.max(0, approved - own);
        if (left != approved) {
            rows.record(tx, sweep.lane(), full.approving(sweep.table(), left));
        }
        SweepWalk next = own < there ? walk : walk.to(end, 0, 0);
        if (own > 0) {
            return new SweepWalk.Step(new Passes.Swept.Some(advance(deleted)), Optional.of(next));
        }
        fence.check(tx);
        return SweepWalk.Step.more(next);
    }

    private Map<String, RowCounts> delete(GoneRows.Piece piece, long rowsAtMost) throws SQLException {
        Map<String, RowCounts> deleted = new TreeMap<>();
        TableTarget at = target;
        try {
            target.mayMark();
            List<RowKey> keys = gone.delete(tx, target, piece, rowsAtMost);
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

    private Committed advance(Map<String, RowCounts> deleted) throws SQLException {
        TableRecords records = new TableRecords(schema);
        Map<String, TableStatus> statuses = new HashMap<>();
        long changed = 0;
        for (Map.Entry<String, RowCounts> table : deleted.entrySet()) {
            RowCounts counts = table.getValue();
            statuses.put(table.getKey(), TableStatus.of(records.apply(tx, table.getKey(), null, counts.growth())));
            changed += counts.changed();
        }
        fence.check(tx);
        LaneState lane = row.lane();
        if (!new Lanes(schema).advance(tx, sweep.lane(), lane.seq(), lane.checkpoint())) {
            throw Fence.lost("Lane " + sweep.lane() + " is not at commit " + lane.seq() + " any more");
        }
        return new Committed(new LaneState(lane.seq() + 1, lane.checkpoint()), statuses, changed);
    }
}
