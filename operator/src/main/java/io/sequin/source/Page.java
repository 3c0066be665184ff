package io.sequin.source;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import java.util.List;
import java.util.Optional;

/**
 * The answer to one read.
 *
 * @param next where to read on
 * @param safe whether {@code next} may be committed with these changes; where not, they are committed with those of the
 *     next page
 * @param end a first pass: the table is complete; a tail: nothing newer for now. Always safe
 */
public record Page(List<Change> changes, Checkpoint next, boolean safe, boolean end) {
    public Page {
        changes = List.copyOf(changes);
        if (end && !safe) {
            throw new IllegalArgumentException("the end of a lane must be safe to commit");
        }
    }

    /** A page with which it is safe to stop. */
    public Page(List<Change> changes, Checkpoint next, boolean end) {
        this(changes, next, true, end);
    }

    /** The position that may be committed with these changes, where there is one. */
    public Optional<Checkpoint> after() {
        return safe ? Optional.of(next) : Optional.empty();
    }
}
