package io.sequin.engine;

import io.sequin.data.Problem;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What keeps a Sync as a whole from working.
 *
 * @param destination trouble with the connection
 * @param source trouble with the source as a whole
 * @param schema trouble with the schema: claim, grants, tables
 */
public record Troubles(Optional<Problem> destination, Optional<Problem> source, Optional<Problem> schema) {
    /** All is well. */
    public static final Troubles NONE = new Troubles(Optional.empty(), Optional.empty(), Optional.empty());

    /** Only the source has trouble. */
    public static Troubles ofSource(Problem problem) {
        return new Troubles(Optional.empty(), Optional.of(problem), Optional.empty());
    }

    Troubles map(UnaryOperator<Problem> words) {
        return new Troubles(destination.map(words), source.map(words), schema.map(words));
    }
}
