package io.sequin.data;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong, in words for the user.
 *
 * @param code its kind
 * @param message what happened and what to do; never a secret
 * @param cure what a person must do, in order; empty where no statement cures it
 * @param retryAt not before this time; empty where the usual backoff applies
 */
public record Problem(ProblemCode code, String message, List<Instruction> cure, Optional<Instant> retryAt) {
    public Problem {
        cure = List.copyOf(cure);
    }

    public static Problem of(ProblemCode code, String message) {
        return new Problem(code, message, List.of(), Optional.empty());
    }

    public static Problem of(ProblemCode code, String message, Instruction... cure) {
        return new Problem(code, message, List.of(cure), Optional.empty());
    }

    public Problem retryingAt(Instant when) {
        return new Problem(code, message, cure, Optional.of(when));
    }
}
