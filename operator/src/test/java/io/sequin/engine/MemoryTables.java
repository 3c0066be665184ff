package io.sequin.engine;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tables in memory: their rows, the parents of those, and what is recorded of them. Not safe for threads. */
final class MemoryTables {
    private final Map<String, Map<String, String>> rows = new TreeMap<>();
    private final Map<String, Map<String, String>> parents = new HashMap<>();
    private final Map<String, TablePhase> phases = new HashMap<>();
    private final Map<String, Instant> floors = new HashMap<>();
    private final Map<String, Instant> lastChange = new HashMap<>();
    /** By table: pieces of work that are left. */
    final Map<String, Deque<Upkeep>> left = new HashMap<>();
    /** What is said of a table whose rows can't be purged. */
    List<Problem> kept = List.of();

    /** Whether it was listed from a later time on only. */
    boolean isListedFromLater(String table, Optional<Instant> floor) {
        Instant listed = floors.get(table);
        return listed != null
                && floor.filter(wanted -> !wanted.isBefore(listed)).isEmpty();
    }

    /** Its list begins then, where it has not reached its end. */
    void listedFrom(String table, Optional<Instant> floor) {
        if (phase(table) == TablePhase.FIRST_PASS) {
            floors.remove(table);
            floor.ifPresent(from -> floors.put(table, from));
        }
    }

    Map<String, Map<String, String>> content() {
        Map<String, Map<String, String>> copy = new TreeMap<>();
        rows.forEach((table, content) -> copy.put(table, new TreeMap<>(content)));
        return copy;
    }

    boolean exists(String table) {
        return rows.containsKey(table);
    }

    /** Tables with a record, also those that somebody dropped. */
    Set<String> known() {
        return Set.copyOf(phases.keySet());
    }

    void create(String table) {
        rows.put(table, new TreeMap<>());
        parents.put(table, new HashMap<>());
        phases.put(table, TablePhase.FIRST_PASS);
    }

    void restore(Map<String, Map<String, String>> content) {
        content.forEach((table, then) -> rows.put(table, new TreeMap<>(then)));
    }

    void drop(String table) {
        rows.remove(table);
    }

    void clear() {
        rows.clear();
        phases.clear();
    }

    TablePhase phase(String table) {
        return phases.getOrDefault(table, TablePhase.FIRST_PASS);
    }

    void setPhases(Map<String, TablePhase> next) {
        phases.putAll(next);
    }

    Set<String> retainOthers(Set<String> selected) {
        Set<String> others = new TreeSet<>(phases.keySet());
        others.removeAll(selected);
        others.forEach(table -> phases.put(table, TablePhase.RETAINED));
        return others;
    }

    TableStatus status(String table) {
        Map<String, String> content = rows.getOrDefault(table, Map.of());
        return new TableStatus(phase(table), content.size(), Optional.ofNullable(lastChange.get(table)));
    }

    /** As it is said of one that was made sure of. */
    TableStatus statusWithWork(String table) {
        Upkeep next = left.getOrDefault(table, new ArrayDeque<>()).peek();
        return status(table).with(next == Upkeep.PURGE_REFUSED ? kept : List.of(), next == null ? Upkeep.NONE : next);
    }

    /** All objects of a change. */
    static String text(Change change) {
        return switch (change) {
            case Change.Upsert upsert -> upsert.object().text();
            case Change.ChildSet set ->
                set.rows().stream().map(MemoryTables::text).reduce("", String::concat);
            case Change.Delete delete -> "";
            case Change.Hint hint -> "";
        };
    }

    /** Whether a change takes rows away. */
    boolean deletes(Change change) {
        return switch (change) {
            case Change.Delete delete -> true;
            case Change.ChildSet set ->
                set.complete()
                        && parentsOf(set.table())
                                .containsValue(set.key().parts().getFirst());
            case Change.Upsert upsert -> false;
            case Change.Hint hint -> false;
        };
    }

    /** One change after the other, as {@link Change} says; returns how many rows changed. */
    long apply(List<Change> changes, Instant now) {
        Map<String, Map<String, Set<String>>> runs = new HashMap<>();
        long all = 0;
        for (Change change : changes) {
            long changed = apply(change, runs.computeIfAbsent(change.table(), table -> new HashMap<>()));
            if (changed > 0) {
                lastChange.put(change.table(), now);
            }
            all += changed;
        }
        return all;
    }

    private long apply(Change change, Map<String, Set<String>> runs) {
        Map<String, String> table = rowsOf(change.table());
        String key = change.key().parts().getFirst();
        return switch (change) {
            case Change.Upsert upsert -> put(table, upsert);
            case Change.Delete delete -> {
                parentsOf(delete.table()).remove(key);
                yield table.remove(key) == null ? 0 : 1;
            }
            case Change.ChildSet set -> {
                Set<String> run = runs.computeIfAbsent(key, k -> new HashSet<>());
                long changed = 0;
                for (Change.Upsert row : set.rows()) {
                    String id = row.key().parts().getFirst();
                    run.add(id);
                    boolean moved = !key.equals(parentsOf(set.table()).put(id, key));
                    changed += Math.max(put(table, row), moved ? 1 : 0);
                }
                if (set.complete()) {
                    runs.remove(key);
                    changed += replace(set.table(), key, run);
                }
                yield changed;
            }
            case Change.Hint hint -> throw new IllegalArgumentException("a hint can't be applied: " + hint);
        };
    }

    private static long put(Map<String, String> table, Change.Upsert upsert) {
        String text = upsert.object().text();
        return text.equals(table.put(upsert.key().parts().getFirst(), text)) ? 0 : 1;
    }

    private long replace(String table, String parent, Set<String> kept) {
        Set<String> gone = new HashSet<>(parentsOf(table).keySet());
        gone.removeIf(id -> kept.contains(id) || !parent.equals(parentsOf(table).get(id)));
        parentsOf(table).keySet().removeAll(gone);
        rowsOf(table).keySet().removeAll(gone);
        return gone.size();
    }

    private Map<String, String> rowsOf(String table) {
        return Objects.requireNonNull(rows.get(table), table);
    }

    /** The parent of a row; null where it has none. */
    @Nullable
    String parentOf(String table, String id) {
        return parentsOf(table).get(id);
    }

    private Map<String, String> parentsOf(String table) {
        return parents.getOrDefault(table, new HashMap<>());
    }
}
