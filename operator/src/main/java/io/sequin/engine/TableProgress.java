package io.sequin.engine;

import io.sequin.data.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * A table's progress.
 *
 * @param firstPassDone its first pass has reached the end
 * @param lastChange last commit that changed a row
 * @param problem why it is failing
 */
public record TableProgress(
        String name,
        TableState state,
        boolean firstPassDone,
        long rows,
        Optional<Instant> lastChange,
        Optional<Problem> problem) {

    /** The same without its counters. */
    TableProgress material() {
        return new TableProgress(name, state, firstPassDone, 0, Optional.empty(), problem);
    }
}
