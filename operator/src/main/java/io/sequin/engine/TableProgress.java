package io.sequin.engine;

import io.sequin.data.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A table's progress.
 *
 * @param firstPassDone its first pass has reached the end
 * @param lastChange last commit that changed a row
 * @param problem why it is failing
 * @param errors records that are set aside, since Postgres can't take them
 * @param notices what a person should look at, though it works
 */
public record TableProgress(
        String name,
        TableState state,
        boolean firstPassDone,
        long rows,
        Optional<Instant> lastChange,
        Optional<Problem> problem,
        long errors,
        List<Problem> notices) {
    public TableProgress {
        notices = List.copyOf(notices);
    }

    /** Of a table that takes every record as it is. */
    public TableProgress(
            String name,
            TableState state,
            boolean firstPassDone,
            long rows,
            Optional<Instant> lastChange,
            Optional<Problem> problem) {
        this(name, state, firstPassDone, rows, lastChange, problem, 0, List.of());
    }

    /** The same with its problem in other words. */
    TableProgress map(UnaryOperator<Problem> words) {
        return new TableProgress(name, state, firstPassDone, rows, lastChange, problem.map(words), errors, notices);
    }

    /** The same without its counters; of records set aside only whether there are any stays. */
    TableProgress material() {
        return new TableProgress(
                name, state, firstPassDone, 0, Optional.empty(), problem, Math.min(errors, 1), notices);
    }
}
