package io.sequin.postgres.load;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of the requests to sync again.
 *
 * @param handled token of the last one that is done
 * @param running token of the one under way
 * @param left tables that the one under way has not done yet
 * @param unknown tables that it names and that are not filled: then it does not begin
 * @param foreign tables that may hold rows of another account: those last written before this time
 */
public record ResyncState(
        Optional<String> handled,
        Optional<String> running,
        Set<String> left,
        Set<String> unknown,
        Map<String, Instant> foreign) {
    public ResyncState {
        left = Set.copyOf(left);
        unknown = Set.copyOf(unknown);
        foreign = Map.copyOf(foreign);
    }
}
