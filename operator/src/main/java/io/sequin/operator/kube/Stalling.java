package io.sequin.operator.kube;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.data.Problem;
import io.sequin.data.Remedy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a failing resource counts as reconciling before it counts as stalled. Argo CD and Flux stop waiting on
 * {@code Stalled}, so it comes late where somebody else may still act.
 */
public final class Stalling {
    /** Time for another person or object: a Secret that is applied later, a grant. */
    static final Duration WAITING = Duration.ofMinutes(2);
    /** Time for what should pass by itself. */
    static final Duration TRANSIENT = Duration.ofMinutes(5);

    private Stalling() {}

    /**
     * What to say.
     *
     * @param finding the condition {@code Reconciling} or {@code Stalled}, the only one of the two that is true
     * @param next when this changes by the passing of time alone
     */
    public record Outlook(Finding finding, Optional<Instant> next) {}

    /** The outlook of a resource that failed first at {@code since} and still fails. */
    public static Outlook of(Problem problem, Instant since, Instant now) {
        Instant deadline = since.plus(patience(problem.code().remedy()));
        if (now.isBefore(deadline)) {
            return new Outlook(finding(Finding.RECONCILING, problem), Optional.of(deadline));
        }
        return new Outlook(finding(Finding.STALLED, problem), Optional.empty());
    }

    /** The outlook of a resource whose trouble is another resource's: it waits for as long as it takes. */
    public static Outlook waiting(Problem problem) {
        return new Outlook(finding(Finding.RECONCILING, problem), Optional.empty());
    }

    /**
     * When the trouble began: since when {@code Ready} is false. The reconcilers set {@code Ready=Unknown} between two
     * generations, so this is never the failure of an earlier one.
     *
     * @param last the conditions written before
     */
    public static Instant failingSince(List<Condition> last, Instant now) {
        return Conditions.find(last, Finding.READY)
                .filter(c -> Finding.State.FALSE.text().equals(c.status()))
                .map(c -> Objects.requireNonNullElse(c.lastTransitionTime(), now))
                .orElse(now);
    }

    private static Duration patience(Remedy remedy) {
        return switch (remedy) {
            case INVALID -> Duration.ZERO;
            case WAITING -> WAITING;
            case TRANSIENT, BUG -> TRANSIENT;
        };
    }

    private static Finding finding(String type, Problem problem) {
        return Finding.yes(type, problem.code().reason(), problem.message());
    }
}
