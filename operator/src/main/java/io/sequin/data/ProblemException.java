package io.sequin.data;

import org.jspecify.annotations.Nullable;

/** An error that already knows what to tell the user. Its message is the problem's: free of secrets. */
public class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    public ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.code().reason() + ": " + problem.message(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
