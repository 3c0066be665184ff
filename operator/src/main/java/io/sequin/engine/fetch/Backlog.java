package io.sequin.engine.fetch;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The hints of a fetch that are still to be asked for, in groups of one table. For one thread. */
final class Backlog {
    private final Map<String, Map<RowKey, Change.Hint>> tables = new LinkedHashMap<>();
    private final int size;

    /**
     * Of several hints for one row the last counts.
     *
     * @param size most of a group
     */
    Backlog(List<Change.Hint> hints, int size) {
        this.size = size;
        again(hints);
    }

    /** These are to be asked for after the others of their tables. */
    void again(List<Change.Hint> hints) {
        for (Change.Hint hint : hints) {
            tables.computeIfAbsent(hint.table(), t -> new LinkedHashMap<>()).put(hint.key(), hint);
        }
    }

    /**
     * Takes a group, of each table in turn: a source may limit what is asked of each kind. Empty: there is none of other
     * tables than these.
     */
    List<Change.Hint> next(Set<String> without) {
        for (Map.Entry<String, Map<RowKey, Change.Hint>> table : tables.entrySet()) {
            if (!without.contains(table.getKey()) && !table.getValue().isEmpty()) {
                List<Change.Hint> group =
                        table.getValue().values().stream().limit(size).toList();
                group.forEach(hint -> table.getValue().remove(hint.key()));
                // to the end of the line
                tables.remove(table.getKey());
                tables.put(table.getKey(), table.getValue());
                return group;
            }
        }
        return List.of();
    }

    /** What was not taken, but for hints of these tables. */
    List<Change.Hint> rest(Set<String> without) {
        List<Change.Hint> rest = new ArrayList<>();
        tables.forEach((table, hints) -> {
            if (!without.contains(table)) {
                rest.addAll(hints.values());
            }
        });
        return rest;
    }
}
