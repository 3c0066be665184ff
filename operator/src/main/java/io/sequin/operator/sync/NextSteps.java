package io.sequin.operator.sync;

import io.sequin.data.CredentialRef;
import io.sequin.data.Problem;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.operator.kube.Cures;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.kube.Text;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a user does next in Kubernetes, which loops know nothing of: added to what they say. Pure. */
final class NextSteps {
    /** Reasons, since what the codes' own packages say of them is not for this one. */
    private static final Set<String> OF_THE_KEY = Set.of("AuthenticationFailed", "PermissionDenied", "AccountChanged");

    /** Tried again within the hour, since a record does not change by itself. */
    private static final Set<String> SELDOM_TRIED = Set.of("RecordRejected", "MassRejection");

    private static final String NOT_OFFERED = "NotOffered";

    private NextSteps() {}

    /** The same snapshot, with the next step where a problem has one. */
    static SyncSnapshot in(SyncSnapshot snapshot, SyncPlan plan) {
        return snapshot.map(problem -> Cures.named(
                step(
                                problem,
                                plan,
                                snapshot.destination().filter(problem::equals).isEmpty())
                        .map(step -> new Problem(
                                problem.code(),
                                Text.sentence(problem.message()) + " " + step,
                                problem.cure(),
                                problem.retryAt()))
                        .orElse(problem),
                "Sync"));
    }

    /** @param ofSource the database's login has reasons of the same names, and a Secret of its own */
    private static Optional<String> step(Problem problem, SyncPlan plan, boolean ofSource) {
        if (ofSource
                && OF_THE_KEY.contains(problem.code().reason())
                && !plan.source().credentials().isEmpty()) {
            String where = plan.source().credentials().values().stream()
                    .map(NextSteps::words)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return Optional.of("The key is in " + where + ".");
        }
        if (SELDOM_TRIED.contains(problem.code().reason())) {
            return Optional.of("It is tried again within the hour; at once after: kubectl annotate sync "
                    + plan.owner().sync().name() + " " + LoopEvents.REQUESTED_AT + "=\"$(date)\" --overwrite.");
        }
        return problem.code().reason().equals(NOT_OFFERED)
                ? Optional.of("To leave the table out name it in spec.tables.exclude.")
                : Optional.empty();
    }

    private static String words(CredentialRef ref) {
        return ref.kind() + " " + ref.name() + " of this namespace, key " + ref.key();
    }
}
