package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the changes of one table in their order of arrival and keeps what they lead to. */
final class ChangesInOrder {
    private final String table;
    private final Map<RowKey, Change> last = new LinkedHashMap<>();
    private final Map<RowKey, Family> families = new LinkedHashMap<>();
    private final Map<RowKey, Family> familyOf = new HashMap<>();

    /** The sets of one parent. */
    private static final class Family {
        /** Rows that a set of this parent was the last to name. */
        private final Set<RowKey> members = new HashSet<>();
        /** Rows of its sets since the last complete one. */
        private final Set<RowKey> run = new LinkedHashSet<>();

        private final RowKey parent;
        private boolean replaced;

        private Family(RowKey parent) {
            this.parent = parent;
        }
    }

    ChangesInOrder(String table) {
        this.table = table;
    }

    void add(Change change) {
        switch (change) {
            case Change.Upsert upsert -> put(upsert, null);
            case Change.Delete delete -> put(delete, null);
            case Change.ChildSet set -> add(set);
            case Change.Hint hint ->
                throw new IllegalArgumentException(
                        "a hint of table " + hint.table() + " must be fetched before it can be written");
        }
    }

    private void add(Change.ChildSet set) {
        Family family = families.computeIfAbsent(set.key(), Family::new);
        for (Change.Upsert row : set.rows()) {
            put(row, family);
            family.run.add(row.key());
        }
        if (set.complete()) {
            List<RowKey> gone = family.members.stream()
                    .filter(row -> !family.run.contains(row))
                    .toList();
            gone.forEach(row -> put(new Change.Delete(table, row), null));
            family.run.clear();
            family.replaced = true;
        }
    }

    private void put(Change change, @Nullable Family family) {
        last.put(change.key(), change);
        Family before = familyOf.remove(change.key());
        if (before != null) {
            before.members.remove(change.key());
        }
        if (family != null) {
            family.members.add(change.key());
            familyOf.put(change.key(), family);
        }
    }

    TableChanges result() {
        List<Change.Upsert> upserts = new ArrayList<>();
        List<RowKey> deletes = new ArrayList<>();
        for (Change change : last.values()) {
            if (change instanceof Change.Upsert upsert) {
                upserts.add(upsert);
            } else {
                deletes.add(change.key());
            }
        }
        List<RowKey> replaced = families.entrySet().stream()
                .filter(entry -> entry.getValue().replaced)
                .map(Map.Entry::getKey)
                .toList();
        Map<RowKey, RowKey> parents = new HashMap<>();
        familyOf.forEach((row, family) -> parents.put(row, family.parent));
        return new TableChanges(table, upserts, deletes, replaced, parents);
    }
}
