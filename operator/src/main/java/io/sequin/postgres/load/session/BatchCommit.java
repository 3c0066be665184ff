package io.sequin.postgres.load.session;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.lane.DirtyKeys;
import io.sequin.postgres.load.lane.Lanes;
import io.sequin.postgres.load.merge.KeptOut;
import io.sequin.postgres.load.merge.RowCounts;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.resync.SeenKeys;
import io.sequin.postgres.load.table.Care;
import io.sequin.postgres.load.table.TableChanges;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.load.table.TableWriter;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** One batch in one transaction: rows, then bookkeeping, then fence and checkpoint. */
final class BatchCommit {
    private final Batch batch;
    private final List<TableChanges> changes;

    BatchCommit(Batch batch) {
        this.batch = batch;
        this.changes = TableChanges.of(batch.changes());
    }

    /** The tables that it touches in any way. */
    Set<String> tables() {
        Set<String> tables = new TreeSet<>(written());
        tables.addAll(batch.dirty().tables());
        tables.addAll(batch.met().keySet());
        return tables;
    }

    /** The tables it writes or whose phase it changes. */
    private Set<String> written() {
        Set<String> tables = new TreeSet<>(batch.phases().keySet());
        changes.forEach(c -> tables.add(c.table()));
        return tables;
    }

    /** The tables whose rows it writes, in its order. */
    List<LateChecks.Written> writes() {
        return changes.stream()
                .map(c -> new LateChecks.Written(c.table(), !c.upserts().isEmpty()))
                .toList();
    }

    /**
     * Does it all, but for the commit.
     *
     * @param care for tables where a quick way has failed
     */
    Committed in(
            Transaction tx,
            TableWriter writer,
            Function<String, TableTarget> targets,
            Map<String, Care> care,
            TableRecords records,
            Lanes lanes,
            SeenKeys seen,
            DirtyKeys dirty,
            Fence fence)
            throws SQLException {
        Map<String, RowCounts> counts = new TreeMap<>();
        for (TableChanges table : changes) {
            Care how = care.getOrDefault(table.table(), Care.NONE);
            counts.put(table.table(), writer.write(tx, targets.apply(table.table()), table, how));
        }
        Map<String, TableStatus> statuses = record(tx, records, targets, counts);
        seen.record(tx, batch, targets);
        Map<String, Long> dirtied = dirty.apply(tx, batch.dirty(), batch.changes());
        resetLanes(tx, lanes);
        fence.check(tx);
        if (!lanes.advance(tx, batch.lane(), batch.seq(), batch.after())) {
            throw Lanes.moved(batch.lane(), batch.seq());
        }
        long changed = counts.values().stream().mapToLong(RowCounts::changed).sum();
        return new Committed(new LaneState(batch.seq() + 1, batch.after()), statuses, dirtied, changed);
    }

    private Map<String, TableStatus> record(
            Transaction tx, TableRecords records, Function<String, TableTarget> targets, Map<String, RowCounts> counts)
            throws SQLException {
        Map<String, TableStatus> statuses = new HashMap<>();
        for (String table : written()) {
            RowCounts count = counts.getOrDefault(table, RowCounts.NONE);
            List<String> keys =
                    counts.containsKey(table) ? targets.apply(table).shape().keyNames() : List.of();
            TableRecord record = records.apply(tx, table, batch.phases().get(table), count.growth(), keys);
            TableStatus status = TableStatus.of(record);
            statuses.put(table, count.keptOut() ? status.with(List.of(KeptOut.notice(table)), status.left()) : status);
        }
        return statuses;
    }

    /** In the order of their names, so that two batches that reset the same lanes don't wait for each other. */
    private void resetLanes(Transaction tx, Lanes lanes) throws SQLException {
        Map<LaneId, Checkpoint> ordered = new TreeMap<>(Comparator.comparing(LaneId::value));
        ordered.putAll(batch.resets());
        for (Map.Entry<LaneId, Checkpoint> reset : ordered.entrySet()) {
            lanes.reset(tx, reset.getKey(), reset.getValue());
        }
    }
}
