package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.SourceConfig;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.DestinationSettings;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.Resources;
import java.util.Optional;

/** What is to be done about a Sync's loop. Made from the Sync and its Destination alone; pure. */
sealed interface SyncDecision {
    /** A loop with this plan. */
    record Run(SyncPlan plan) implements SyncDecision {}

    /**
     * No work: the user wants none.
     *
     * @param rest for a loop that only lets go of the schema when the Sync is deleted; empty where the database is not
     *     known
     */
    record Suspend(Optional<SyncPlan> rest) implements SyncDecision {}

    /** No loop: the spec can't be followed. */
    record Refuse(Problem problem) implements SyncDecision {}

    /** No loop: the Destination isn't there or was never ready. */
    record Await(Problem problem) implements SyncDecision {}

    /** The loop that runs goes on as it is: no plan can be made from the Destination just now. */
    record Keep(Problem problem) implements SyncDecision {}

    /**
     * @param cluster identity of the Kubernetes cluster
     * @param running a loop of this Sync runs: the health of its Destination then no longer matters
     */
    static SyncDecision of(Sync sync, Optional<Destination> destination, String cluster, boolean running) {
        if (sync.getSpec().effectiveSuspend()) {
            return new Suspend(destination.flatMap(to -> rest(sync, to, cluster)));
        }
        return switch (SourceSettings.of(sync)) {
            case Reading.Invalid<SourceConfig> invalid -> new Refuse(invalid.problem());
            case Reading.Valid<SourceConfig> valid -> of(sync, valid.value(), destination, cluster, running);
        };
    }

    private static SyncDecision of(
            Sync sync, SourceConfig source, Optional<Destination> destination, String cluster, boolean running) {
        if (destination.isEmpty()) {
            return new Await(Problem.of(
                    SyncProblem.DESTINATION_NOT_FOUND,
                    "Destination " + sync.getSpec().destinationRef().name() + " does not exist in this namespace:"
                            + " create it"));
        }
        Reading<PostgresSettings> settings = DestinationSettings.of(destination.get());
        if (settings instanceof Reading.Valid<PostgresSettings> valid && (running || isReady(destination.get()))) {
            return switch (SyncPlans.of(sync, source, valid.value(), cluster)) {
                case Reading.Valid<SyncPlan> plan -> new Run(plan.value());
                case Reading.Invalid<SyncPlan> invalid -> new Refuse(invalid.problem());
            };
        }
        Problem problem = notReady(destination.get());
        return running ? new Keep(problem) : new Await(problem);
    }

    private static Optional<SyncPlan> rest(Sync sync, Destination destination, String cluster) {
        return SourceSettings.of(sync) instanceof Reading.Valid<SourceConfig> source
                        && DestinationSettings.of(destination) instanceof Reading.Valid<PostgresSettings> settings
                        && SyncPlans.of(sync, source.value(), settings.value(), cluster)
                                instanceof Reading.Valid<SyncPlan> plan
                ? Optional.of(plan.value().with(SyncPlan.Work.REST))
                : Optional.empty();
    }

    /** Whether the Destination has been verified in its present form. */
    static boolean isReady(Destination destination) {
        return destination.getStatus() != null
                && Long.valueOf(Resources.generation(destination))
                        .equals(destination.getStatus().observedGeneration())
                && Conditions.is(destination.getStatus().conditions(), Finding.READY, Finding.State.TRUE);
    }

    /** Its Destination's trouble, as the Sync tells it. */
    static Problem notReady(Destination destination) {
        String why = Optional.ofNullable(destination.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), Finding.READY))
                .map(SyncDecision::words)
                .orElse("it has not been verified yet");
        return Problem.of(
                SyncProblem.DESTINATION_NOT_READY,
                "Destination " + destination.getMetadata().getName() + " is not ready: " + why);
    }

    private static String words(Condition ready) {
        return ready.reason() + ": " + ready.message();
    }
}
