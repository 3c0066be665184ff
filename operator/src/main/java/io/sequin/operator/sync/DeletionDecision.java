package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.data.Instruction;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.engine.Removal;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.DestinationSettings;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** What is to be done about a Sync that is being deleted. Pure. */
sealed interface DeletionDecision {
    /** A restarted operator gives the database this long at least, even where the time is over already. */
    Duration LEAST_TRY = Duration.ofSeconds(30);

    /** Nothing here holds the deletion up: the loop ends and lets go of the schema. */
    record Gone() implements DeletionDecision {}

    /** The data stays, as the user now wants: the loop ends, then the finalizer goes. */
    record Retain() implements DeletionDecision {}

    /**
     * A loop with this plan drops the data.
     *
     * @param problem of the last try
     * @param until when it is given up
     */
    record Drop(SyncPlan plan, Optional<Problem> problem, Instant until) implements DeletionDecision {}

    /** No loop can be made from the Destination just now. */
    record Wait(Problem problem, Instant until) implements DeletionDecision {}

    /**
     * The finalizer goes.
     *
     * @param left empty where nothing stays, or nothing of this Sync was ever there
     */
    record LetGo(Optional<Left> left) implements DeletionDecision {}

    /** What stays in the database: why, and the statement that drops it. */
    record Left(String words, Instruction cure) {}

    /**
     * @param destination its Destination; empty where there is none
     * @param cluster identity of the Kubernetes cluster
     * @param removal what the loop that drops the data says; empty while there is none
     */
    static DeletionDecision of(
            Sync sync, Optional<Destination> destination, String cluster, Optional<Removal> removal, Instant now) {
        if (!sync.hasFinalizer(Finalizers.DELETE_DATA)) {
            return new Gone();
        }
        if (!sync.getSpec().deletesData()) {
            return new Retain();
        }
        Optional<LetGo> settled = removal.flatMap(r -> settled(sync, r));
        if (settled.isPresent()) {
            return settled.get();
        }
        if (destination.isEmpty()) {
            return leave(sync, "Destination " + sync.getSpec().destinationRef().name() + " does not exist any more");
        }
        Instant until = until(sync, removal);
        return switch (DestinationSettings.of(destination.get())) {
            case Reading.Valid<PostgresSettings> settings -> drop(sync, settings.value(), cluster, removal, until, now);
            case Reading.Invalid<PostgresSettings> invalid ->
                now.isBefore(until)
                        ? new Wait(invalid.problem(), until)
                        : leave(sync, invalid.problem().message());
        };
    }

    private static DeletionDecision drop(
            Sync sync,
            PostgresSettings settings,
            String cluster,
            Optional<Removal> removal,
            Instant until,
            Instant now) {
        Optional<Problem> problem =
                removal.flatMap(r -> r instanceof Removal.Trying trying ? trying.problem() : Optional.empty());
        if (removal.isPresent() && !now.isBefore(until)) {
            return leave(sync, problem.map(Problem::message).orElse("The database does not answer"));
        }
        return new Drop(SyncPlans.drop(sync, settings, cluster), problem, until);
    }

    private static Optional<LetGo> settled(Sync sync, Removal removal) {
        return switch (removal) {
            case Removal.Trying trying -> Optional.empty();
            case Removal.Done done ->
                Optional.of(new LetGo(done.left().map(left -> new Left(left.words(), left.cure()))));
            case Removal.Hopeless hopeless ->
                Optional.of(leave(sync, hopeless.problem().message()));
        };
    }

    /** Whether the Sync has ever held its schema: else what is there is another's. */
    static boolean tookSchema(Sync sync) {
        return sync.getStatus() != null && sync.getStatus().storageId() != null;
    }

    private static LetGo leave(Sync sync, String why) {
        if (!tookSchema(sync)) {
            return new LetGo(Optional.empty());
        }
        String schema = sync.getSpec().schema();
        String words = "The data in schema " + schema + " is left behind. " + Text.sentence(why) + " To drop it, run:";
        return new LetGo(Optional.of(
                new Left(words, Removal.everything(schema, sync.getMetadata().getUid()))));
    }

    private static Instant until(Sync sync, Optional<Removal> removal) {
        Duration timeout = sync.getSpec().effectiveDeletionTimeout();
        Instant due = deletedAt(sync).plus(timeout);
        Duration least = timeout.compareTo(LEAST_TRY) < 0 ? timeout : LEAST_TRY;
        return removal.filter(Removal.Trying.class::isInstance)
                .map(r -> ((Removal.Trying) r).since().plus(least))
                .filter(tried -> tried.isAfter(due))
                .orElse(due);
    }

    private static Instant deletedAt(Sync sync) {
        return OffsetDateTime.parse(sync.getMetadata().getDeletionTimestamp()).toInstant();
    }
}
