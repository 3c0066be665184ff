package io.sequin.engine;

import io.sequin.data.Change;
import java.util.List;
import java.util.Map;

/**
 * What became of hints.
 *
 * @param changes the present state of what could be fetched: upserts and deletes
 * @param missed hints whose table could not be fetched
 * @param failed why, by table
 */
record Fetched(List<Change> changes, List<Change.Hint> missed, Map<String, Trouble> failed) {
    Fetched {
        changes = List.copyOf(changes);
        missed = List.copyOf(missed);
        failed = Map.copyOf(failed);
    }
}
