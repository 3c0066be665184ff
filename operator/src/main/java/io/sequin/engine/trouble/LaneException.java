package io.sequin.engine.trouble;

import io.sequin.data.ProblemException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A call of a lane failed; carries what that means. */
public final class LaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Trouble trouble;

    /** Because of what a source or a database has said. */
    public LaneException(Trouble trouble, ProblemException cause) {
        super(cause.getMessage(), cause);
        this.trouble = trouble;
    }

    /** Because of trouble that is known already. */
    public LaneException(Trouble trouble) {
        this(trouble, new ProblemException(trouble.problem()));
    }

    /** This, where it is about one table, without which others go on; else it is thrown. */
    public LaneException ofTable() {
        if (trouble.table().isEmpty()) {
            throw this;
        }
        return this;
    }

    /**
     * Of what failed of the tables of a lane, what the lane's next try follows: the first that may pass soon. One that
     * takes long by its nature must not make the others wait for as long.
     */
    public static Optional<LaneException> soonest(Stream<LaneException> failures) {
        return failures.min(Comparator.comparing(failure -> Retry.longWait(failure.trouble())));
    }

    /** What it means. */
    public Trouble trouble() {
        return trouble;
    }
}
