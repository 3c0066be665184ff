package io.sequin.source;

import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A source's refusal or failure, already classified. Retries are the engine's. */
public final class SourceException extends ProblemException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String table;

    public SourceException(Problem problem, @Nullable String table, @Nullable Throwable cause) {
        super(problem, cause);
        this.table = table;
    }

    public SourceException(Problem problem) {
        this(problem, null, null);
    }

    /** The one table it concerns; empty: the whole source. */
    public Optional<String> table() {
        return Optional.ofNullable(table);
    }
}
