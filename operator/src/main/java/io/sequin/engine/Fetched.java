package io.sequin.engine;

import io.sequin.data.Change;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of hints.
 *
 * @param changes the present state of what could be fetched: upserts, deletes and sets of children
 * @param missed hints whose table could not be fetched
 * @param failed why, by table
 */
record Fetched(List<Change> changes, List<Change.Hint> missed, Map<String, Trouble> failed) {
    Fetched {
        changes = List.copyOf(changes);
        missed = List.copyOf(missed);
        failed = Map.copyOf(failed);
    }

    /** Without changes of other tables. */
    Fetched only(Set<String> tables) {
        return new Fetched(
                changes.stream().filter(c -> tables.contains(c.table())).toList(), missed, failed);
    }
}
