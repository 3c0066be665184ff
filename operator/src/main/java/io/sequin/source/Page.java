package io.sequin.source;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import java.util.List;
import java.util.Optional;

/**
 * The answer to one read.
 *
 * @param after where to go on once these changes are committed; empty: not safe to stop here, commit with the next page
 * @param end a first pass: the table is complete; a tail: nothing newer for now
 */
public record Page(List<Change> changes, Optional<Checkpoint> after, boolean end) {
    public Page {
        changes = List.copyOf(changes);
    }
}
