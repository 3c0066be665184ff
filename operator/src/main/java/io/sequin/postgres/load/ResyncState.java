package io.sequin.postgres.load;

import java.util.Optional;
import java.util.Set;

/**
 * What became of the requests to sync again.
 *
 * @param handled token of the last one that is done
 * @param left tables that the one under way has not done yet
 * @param unknown tables that it names and that are not filled: then it does not begin
 * @param foreign tables in which whatever is not met goes, since it may be another account's
 */
public record ResyncState(Optional<String> handled, Set<String> left, Set<String> unknown, Set<String> foreign) {
    public ResyncState {
        left = Set.copyOf(left);
        unknown = Set.copyOf(unknown);
        foreign = Set.copyOf(foreign);
    }
}
