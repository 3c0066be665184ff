package io.sequin.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The truth at a source: rows by table and key, and every change in order. Safe for threads. */
final class Ledger {
    /** Something happened to a row; number counts from 1. */
    record Event(int number, String table, String key, boolean deletion) {}

    private final Map<String, NavigableMap<String, String>> tables = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();

    Ledger(String... names) {
        for (String name : names) {
            tables.put(name, new TreeMap<>());
        }
    }

    synchronized Set<String> names() {
        return Set.copyOf(tables.keySet());
    }

    /** In the order of the constructor. */
    synchronized List<String> tablesInOrder() {
        return List.copyOf(tables.keySet());
    }

    synchronized void put(String table, String key, String value) {
        rows(table).put(key, value);
        events.add(new Event(events.size() + 1, table, key, false));
    }

    synchronized void delete(String table, String key) {
        if (rows(table).remove(key) != null) {
            events.add(new Event(events.size() + 1, table, key, true));
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

    private NavigableMap<String, String> rows(String table) {
        NavigableMap<String, String> rows = tables.get(table);
        if (rows == null) {
            throw new IllegalArgumentException("no table " + table);
        }
        return rows;
    }
}
