package io.sequin.engine;

import io.sequin.data.ProblemException;

/** A call of a lane failed; carries what that means. */
final class LaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Trouble trouble;

    LaneException(Trouble trouble, ProblemException cause) {
        super(cause.getMessage(), cause);
        this.trouble = trouble;
    }

    Trouble trouble() {
        return trouble;
    }
}
