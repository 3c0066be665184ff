package io.sequin.verify;

import io.sequin.data.Problem;

/** How a stage came out. */
public sealed interface StageResult {
    /**
     * @param reason one CamelCase word, such as {@code Connected}
     * @param message what was found
     */
    record Passed(String reason, String message) implements StageResult {}

    record Failed(Problem problem) implements StageResult {}

    /** It passes, and yet something should be mended: for example a superuser's login. */
    record Warned(Problem problem) implements StageResult {}

    /** An earlier stage failed. */
    record NotReached() implements StageResult {}
}
