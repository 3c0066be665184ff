package io.sequin.engine;

import io.sequin.data.Problem;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far a re-sync is.
 *
 * @param handled token of the last one that is done
 * @param left tables that the one under way has not done yet
 * @param unknown tables that the one asked for names and that are not filled: it does not begin
 * @param waiting by table, of those left: why their deletes wait for a person
 */
public record ResyncProgress(
        Optional<String> handled, Set<String> left, Set<String> unknown, Map<String, Problem> waiting) {
    public ResyncProgress {
        left = Collections.unmodifiableSet(new TreeSet<>(left));
        unknown = Collections.unmodifiableSet(new TreeSet<>(unknown));
        waiting = Collections.unmodifiableMap(new TreeMap<>(waiting));
    }
}
