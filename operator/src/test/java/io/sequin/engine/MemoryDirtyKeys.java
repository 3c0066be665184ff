package io.sequin.engine;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.postgres.load.DirtyMarks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The dirty keys of a database in memory, and whether a deletion was reported. Not safe for threads. */
final class MemoryDirtyKeys {
    private final Map<String, Map<String, Boolean>> tables = new TreeMap<>();

    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        tables.forEach((table, keys) -> {
            if (!keys.isEmpty()) {
                counts.put(table, (long) keys.size());
            }
        });
        return counts;
    }

    List<Change.Hint> some(String table, int most) {
        return of(table).entrySet().stream()
                .limit(most)
                .map(e -> new Change.Hint(table, RowKey.of(e.getKey()), e.getValue()))
                .toList();
    }

    Map<String, Long> apply(DirtyMarks marks) {
        Map<String, Long> growth = new HashMap<>();
        for (String table : marks.tables()) {
            long before = of(table).size();
            if (marks.relisted().contains(table)) {
                of(table).values().removeIf(deletion -> !deletion);
            }
            marks.removed()
                    .getOrDefault(table, Set.of())
                    .forEach(key -> of(table).remove(key.parts().getFirst()));
            marks.added().stream()
                    .filter(hint -> hint.table().equals(table))
                    .forEach(hint ->
                            of(table).merge(hint.key().parts().getFirst(), hint.deletion(), Boolean::logicalOr));
            growth.put(table, of(table).size() - before);
        }
        return growth;
    }

    void clear() {
        tables.clear();
    }

    private Map<String, Boolean> of(String table) {
        return tables.computeIfAbsent(table, t -> new TreeMap<>());
    }
}
