package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes of one table in one batch. No key occurs twice, so the two lists may be applied in any order.
 */
record TableChanges(String table, List<Change.Upsert> upserts, List<RowKey> deletes) {
    /** Groups changes by table, in the tables' name order. Of several changes of one key the last counts. */
    static List<TableChanges> of(List<Change> changes) {
        SortedMap<String, Map<RowKey, Change>> byTable = new TreeMap<>();
        for (Change change : changes) {
            byTable.computeIfAbsent(change.table(), table -> new LinkedHashMap<>())
                    .put(change.key(), change);
        }
        return byTable.entrySet().stream()
                .map(entry -> split(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static TableChanges split(String table, Map<RowKey, Change> last) {
        List<Change.Upsert> upserts = new ArrayList<>();
        List<RowKey> deletes = new ArrayList<>();
        for (Change change : last.values()) {
            switch (change) {
                case Change.Upsert upsert -> upserts.add(upsert);
                case Change.Delete delete -> deletes.add(delete.key());
                case Change.ChildSet children ->
                    throw new IllegalArgumentException(
                            "the rows of a parent in table " + children.table() + " can't be written yet");
                case Change.Hint hint ->
                    throw new IllegalArgumentException(
                            "a hint of table " + hint.table() + " must be fetched before it can be written");
            }
        }
        return new TableChanges(table, upserts, deletes);
    }
}
