package io.sequin.operator.kube;

import io.sequin.api.v1alpha1.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns findings into conditions by the rules of {@code metav1.Condition} (Kubernetes API conventions, "Typical status
 * properties").
 */
public final class Conditions {
    private Conditions() {}

    /**
     * The conditions to write. {@code lastTransitionTime} moves only when the status of that type flips; each finding
     * is about the given generation. A type that is neither found nor kept is left out.
     *
     * @param last the conditions written before
     * @param findings what to say now, in the order to write it
     * @param kept types whose last condition stays as it is, with its own generation; a finding of the type wins
     */
    public static List<Condition> next(
            List<Condition> last, List<Finding> findings, Set<String> kept, long generation, Instant now) {
        List<Condition> next = new ArrayList<>();
        for (Finding finding : findings) {
            String state = finding.state().text();
            Instant since = find(last, finding.type())
                    .filter(before -> state.equals(before.status()))
                    .map(Condition::lastTransitionTime)
                    .orElse(now);
            next.add(new Condition(
                    finding.type(), state, generation, since, finding.reason(), Text.message(finding.message())));
        }
        for (Condition before : last) {
            if (kept.contains(before.type()) && find(next, before.type()).isEmpty()) {
                next.add(before);
            }
        }
        return List.copyOf(next);
    }

    /** The condition of that type. */
    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream().filter(c -> type.equals(c.type())).findFirst();
    }

    /** Whether the condition is there and has that status. */
    public static boolean is(List<Condition> conditions, String type, Finding.State state) {
        return find(conditions, type)
                .filter(c -> state.text().equals(c.status()))
                .isPresent();
    }
}
