package io.sequin.postgres.load.resync;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.schema.StateJson;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A full pass under way, as {@code _sync_state.full_pass} of its lane has it.
 *
 * @param tables that it lists
 * @param floors by table: from when on, where it does not list all
 * @param complete the listing has reached its end
 * @param approved by table: so many rows may still be deleted without asking again
 * @param asked by table: the last key of those that the source was asked for
 */
record FullPass(
        Set<String> tables,
        Map<String, String> floors,
        boolean complete,
        Map<String, Long> approved,
        Map<String, List<String>> asked) {
    FullPass {
        tables = Collections.unmodifiableSet(new TreeSet<>(tables));
        // absent from what earlier versions wrote
        floors = floors == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(floors));
        approved = Collections.unmodifiableMap(new TreeMap<>(approved));
        asked = asked == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(asked));
    }

    static FullPass of(Passes.Listing what) {
        return new FullPass(what.tables(), written(what.floors()), false, Map.of(), Map.of());
    }

    /** Whether it lists just this: one with another floor has not met what is to be met now. */
    boolean lists(Passes.Listing what) {
        return tables.equals(what.tables()) && floors.equals(written(what.floors()));
    }

    private static Map<String, String> written(Map<String, Instant> floors) {
        Map<String, String> written = new TreeMap<>();
        floors.forEach((table, floor) -> written.put(table, floor.toString()));
        return written;
    }

    FullPass completed() {
        return new FullPass(tables, floors, true, approved, asked);
    }

    /** So many may be deleted without asking again; 0: it must be asked. */
    long approved(String table) {
        return approved.getOrDefault(table, 0L);
    }

    FullPass approving(String table, long rows) {
        Map<String, Long> next = new TreeMap<>(approved);
        next.put(table, rows);
        return new FullPass(tables, floors, complete, next, asked);
    }

    /** The source was asked for the rows up to this one; empty: for none. */
    Optional<RowKey> asked(String table) {
        return Optional.ofNullable(asked.get(table)).map(RowKey::new);
    }

    /** It was asked up to a key. */
    FullPass asking(String table, RowKey last) {
        Map<String, List<String>> next = new TreeMap<>(asked);
        next.put(table, last.parts());
        return new FullPass(tables, floors, complete, approved, next);
    }

    static FullPass parse(String json) {
        return StateJson.read(json, FullPass.class);
    }

    String json() {
        return StateJson.write(this);
    }
}
