package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes of one table in one batch. No key occurs twice. Deletes come first, so that a row that takes another's
 * place in a unique index of the user's finds it free.
 *
 * @param replaced parents whose rows, but for those of {@code upserts}, are gone
 * @param parents of the rows of {@code upserts} that came in a set, the parent
 */
public record TableChanges(
        String table,
        List<Change.Upsert> upserts,
        List<RowKey> deletes,
        List<RowKey> replaced,
        Map<RowKey, RowKey> parents) {
    /**
     * Groups changes by table, in the tables' name order. Of several changes of one key the last counts; sets of one
     * parent mean what {@link Change.ChildSet} says.
     */
    public static List<TableChanges> of(List<Change> changes) {
        SortedMap<String, ChangesInOrder> byTable = new TreeMap<>();
        for (Change change : changes) {
            byTable.computeIfAbsent(change.table(), ChangesInOrder::new).add(change);
        }
        return byTable.values().stream().map(ChangesInOrder::result).toList();
    }
}
