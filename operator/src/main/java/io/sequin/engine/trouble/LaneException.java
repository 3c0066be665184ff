package io.sequin.engine.trouble;

import io.sequin.data.ProblemException;

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

    /** What it means. */
    public Trouble trouble() {
        return trouble;
    }
}
