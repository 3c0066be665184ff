package io.sequin.operator.kube;

import io.sequin.data.Problem;

/** Leads who reads a message alone, such as in {@code kubectl get -o wide} or an Event, to the SQL that cures it. Pure. */
public final class Cures {
    private static final String PLACE = "status.instructions";

    private Cures() {}

    /**
     * The problem; where SQL cures it, with words that say where that is, unless its message has them or the SQL itself.
     *
     * @param kind whose status that is, since Syncs repeat what their Destination says
     */
    public static Problem named(Problem problem, String kind) {
        String message = problem.message();
        boolean said = message.contains(PLACE)
                || problem.cure().stream().anyMatch(instruction -> message.contains(instruction.sql()));
        return said || problem.cure().isEmpty()
                ? problem
                : new Problem(
                        problem.code(),
                        Text.sentence(message) + " " + PLACE + " of the " + kind + " has the SQL that cures it.",
                        problem.cure(),
                        problem.retryAt());
    }
}
