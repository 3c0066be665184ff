package io.sequin.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The truth at a source: rows by table and key, and every change in order. A table may hold the children of another: what
 * happens to them happens to their parent. Safe for threads.
 */
public final class Ledger {
    /** Something happened to a row, or to the children of the one with this key; number counts from 1. */
    record Event(int number, String table, String key, boolean deletion) {}

    private final Map<String, NavigableMap<String, String>> tables = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    /** When a row came, or came to its parent, by the number of the newest event. */
    private final Map<String, Map<String, Integer>> born = new HashMap<>();
    /** Of a table of children the table of their parents. */
    private final Map<String, String> parents = new HashMap<>();
    /** The parent of each child, by table. */
    private final Map<String, Map<String, String>> owners = new HashMap<>();

    public Ledger(String... names) {
        for (String name : names) {
            tables.put(name, new TreeMap<>());
        }
    }

    /** Adds a table of children. */
    synchronized Ledger with(String child, String parent) {
        tables.put(child, new TreeMap<>());
        parents.put(child, parent);
        owners.put(child, new HashMap<>());
        return this;
    }

    /** The table of the parents of a table's rows. */
    synchronized Optional<String> parentOf(String table) {
        return Optional.ofNullable(parents.get(table));
    }

    /** The tables of the children of a table's rows. */
    synchronized Set<String> childrenOf(String table) {
        return parents.entrySet().stream()
                .filter(e -> e.getValue().equals(table))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Adds a child, changes it, or moves it from another parent; nothing where there is no such parent. */
    synchronized void putChild(String table, String parent, String key, String value) {
        if (!rows(parents.getOrDefault(table, "")).containsKey(parent)) {
            return;
        }
        String before = owner(table).put(key, parent);
        if (!parent.equals(before)) {
            bear(table, key);
        }
        rows(table).put(key, value);
        events.add(new Event(events.size() + 1, table, parent, false));
        if (before != null && !before.equals(parent)) {
            events.add(new Event(events.size() + 1, table, before, false));
        }
    }

    synchronized void deleteChild(String table, String key) {
        String parent = owner(table).remove(key);
        if (parent != null) {
            rows(table).remove(key);
            events.add(new Event(events.size() + 1, table, parent, false));
        }
    }

    synchronized NavigableMap<String, String> children(String table, String parent) {
        NavigableMap<String, String> found = new TreeMap<>(rows(table));
        found.keySet().removeIf(key -> !parent.equals(owner(table).get(key)));
        return found;
    }

    private Map<String, String> owner(String table) {
        return Objects.requireNonNull(owners.get(table), table);
    }

    synchronized Set<String> names() {
        return Set.copyOf(tables.keySet());
    }

    /** In the order of the constructor. */
    synchronized List<String> tablesInOrder() {
        return List.copyOf(tables.keySet());
    }

    public synchronized void put(String table, String key, String value) {
        if (!rows(table).containsKey(key)) {
            bear(table, key);
        }
        rows(table).put(key, value);
        events.add(new Event(events.size() + 1, table, key, false));
    }

    synchronized void delete(String table, String key) {
        if (rows(table).remove(key) != null) {
            events.add(new Event(events.size() + 1, table, key, true));
            for (String child : childrenOf(table)) {
                rows(child).keySet().removeAll(children(child, key).keySet());
                owner(child).values().removeIf(key::equals);
                events.add(new Event(events.size() + 1, child, key, true));
            }
        }
    }

    synchronized @Nullable String get(String table, String key) {
        return rows(table).get(key);
    }

    /** At most so many rows whose keys come after this one. */
    synchronized NavigableMap<String, String> listAfter(String table, String key, int limit) {
        NavigableMap<String, String> page = new TreeMap<>();
        for (Map.Entry<String, String> row : rows(table).tailMap(key, false).entrySet()) {
            if (page.size() == limit) {
                break;
            }
            page.put(row.getKey(), row.getValue());
        }
        return page;
    }

    synchronized List<Event> eventsAfter(int number, int limit) {
        return List.copyOf(events.subList(number, Math.min(events.size(), number + limit)));
    }

    synchronized int lastEvent() {
        return events.size();
    }

    synchronized Map<String, Map<String, String>> truth() {
        Map<String, Map<String, String>> copy = new TreeMap<>();
        tables.forEach((name, rows) -> copy.put(name, new TreeMap<>(rows)));
        return copy;
    }

    /** A row and its children are gone, and no event tells of it. */
    synchronized void vanish(String table, String key) {
        if (rows(table).remove(key) != null) {
            for (String child : childrenOf(table)) {
                rows(child).keySet().removeAll(children(child, key).keySet());
                owner(child).values().removeIf(key::equals);
            }
        }
    }

    /** Whether a row has been there, with the same parent, since an event. */
    synchronized boolean isThereSince(int event, String table, String key) {
        return rows(table).containsKey(key)
                && born.getOrDefault(table, Map.of()).getOrDefault(key, 0) <= event;
    }

    private void bear(String table, String key) {
        born.computeIfAbsent(table, t -> new HashMap<>()).put(key, events.size() + 1);
    }

    private NavigableMap<String, String> rows(String table) {
        NavigableMap<String, String> rows = tables.get(table);
        if (rows == null) {
            throw new IllegalArgumentException("no table " + table);
        }
        return rows;
    }
}
