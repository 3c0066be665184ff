package io.sequin.engine;

import io.sequin.data.Problem;
import io.sequin.postgres.load.ResyncState;
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
 * @param running token of the one under way
 * @param left tables that the one under way has not done yet
 * @param unknown tables that the one asked for names and that are not filled: it does not begin
 * @param waiting by table, of those left: why their deletes wait for a person
 */
public record ResyncProgress(
        Optional<String> handled,
        Optional<String> running,
        Set<String> left,
        Set<String> unknown,
        Map<String, Problem> waiting) {
    /** None is under way, and none ever was. */
    public static final ResyncProgress NONE =
            new ResyncProgress(Optional.empty(), Optional.empty(), Set.of(), Set.of(), Map.of());

    /** Nothing is known yet of what waits. */
    public static ResyncProgress of(ResyncState state) {
        ResyncProgress found =
                new ResyncProgress(state.handled(), state.running(), state.left(), state.unknown(), Map.of());
        return found.equals(NONE) ? NONE : found;
    }

    /** After some were done. */
    public ResyncProgress with(ResyncState state) {
        Map<String, Problem> still = new TreeMap<>(waiting);
        still.keySet().retainAll(state.left());
        return new ResyncProgress(state.handled(), state.running(), state.left(), unknown, still);
    }

    /** A table's deletes wait, or something else is wrong with it. */
    public ResyncProgress waitingFor(String table, Problem why) {
        Map<String, Problem> more = new TreeMap<>(waiting);
        more.put(table, why);
        return new ResyncProgress(handled, running, left, unknown, more);
    }

    /** These got on. */
    public ResyncProgress without(Set<String> tables) {
        Map<String, Problem> still = new TreeMap<>(waiting);
        still.keySet().removeAll(tables);
        return new ResyncProgress(handled, running, left, unknown, still);
    }

    public ResyncProgress {
        left = Collections.unmodifiableSet(new TreeSet<>(left));
        unknown = Collections.unmodifiableSet(new TreeSet<>(unknown));
        waiting = Collections.unmodifiableMap(new TreeMap<>(waiting));
    }
}
