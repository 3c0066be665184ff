package io.sequin.postgres.load.resync;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.SmallMap;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Remembers the keys that batches bring while full passes are under way, in the batch's transaction. Of rows with a
 * parent the parent's key counts. A record that Postgres can't take was met, too.
 */
public final class SeenKeys {
    private final PassRows rows;
    /** By table. */
    private final SmallMap<String, LaneId> passes = new SmallMap<>();

    public SeenKeys(PassRows rows) {
        this.rows = rows;
    }

    /** As the database has them. */
    public void load(Transaction tx) throws SQLException {
        Map<String, LaneId> underWay = rows.underWay(tx);
        passes.change(all -> {
            all.clear();
            all.putAll(underWay);
        });
    }

    /** From now on; before the pass reads anything. */
    void begin(LaneId lane, Collection<String> tables) {
        passes.change(all -> {
            all.values().removeIf(lane::equals);
            tables.forEach(table -> all.put(table, lane));
        });
    }

    void end(LaneId lane) {
        passes.change(all -> all.values().removeIf(lane::equals));
    }

    /** Nothing is remembered of these tables any more. */
    void end(Collection<String> tables) {
        passes.change(all -> all.keySet().removeAll(tables));
    }

    /** Whether any pass is under way; as of the take, since nobody else begins one. */
    boolean isOfAnyPass() {
        return !passes.now().isEmpty();
    }

    void endAll() {
        passes.change(Map::clear);
    }

    /**
     * Remembers what a batch brings. A table that goes back to its first pass has missed changes: a pass over it is lost.
     */
    public void record(Transaction tx, Batch batch, Function<String, TableTarget> targets) throws SQLException {
        if (passes.now().isEmpty()) {
            return;
        }
        SortedMap<LaneId, Long> more = new TreeMap<>(Comparator.comparing(LaneId::value));
        for (Map.Entry<String, Set<RowKey>> met : keys(batch).entrySet()) {
            LaneId lane = passes.now().get(met.getKey());
            if (lane != null) {
                more.merge(lane, meet(tx, targets.apply(met.getKey()).shape(), met.getValue()), Long::sum);
            }
        }
        for (Map.Entry<LaneId, Long> lane : more.entrySet()) {
            if (lane.getValue() > 0) {
                rows.count(tx, lane.getKey(), lane.getValue());
            }
        }
        for (String table : new TreeSet<>(batch.phases().keySet())) {
            LaneId lane = passes.now().get(table);
            if (lane != null && batch.phases().get(table) == TablePhase.FIRST_PASS) {
                rows.spoil(tx, lane);
            }
        }
    }

    /** The table was made anew: what was met of it is not in it. */
    public void spoil(Transaction tx, String table) throws SQLException {
        LaneId lane = passes.now().get(table);
        if (lane != null) {
            rows.spoil(tx, lane);
        }
    }

    private Map<String, Set<RowKey>> keys(Batch batch) {
        SortedMap<String, Set<RowKey>> keys = new TreeMap<>();
        for (Change change : batch.changes()) {
            if (!(change instanceof Change.Delete) && passes.now().containsKey(change.table())) {
                keys.computeIfAbsent(change.table(), t -> new LinkedHashSet<>()).add(change.key());
            }
        }
        batch.met()
                .forEach((table, met) ->
                        keys.computeIfAbsent(table, t -> new LinkedHashSet<>()).addAll(met));
        return keys;
    }

    private long meet(Transaction tx, RowShape shape, Set<RowKey> keys) throws SQLException {
        RowArrays arrays = new RowArrays(shape);
        SeenParts parts = new SeenParts(shape);
        List<RowKey> all = List.copyOf(keys);
        List<Array> bound = parts.isOfParents() ? arrays.ofParents(tx, all) : arrays.ofKeys(tx, all);
        return rows.meet(tx, shape.name(), parts.keyAsText(), parts.fromArrays(), bound);
    }
}
