package io.sequin.operator.destination;

import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finalizers;
import io.sequin.operator.kube.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Until when a deleted Destination waits for the Syncs that use it. Those that are being deleted, and drop their data,
 * need it, and end by themselves; others get some time to be deleted too, as when a namespace goes. Pure.
 */
final class DestinationDeletion {
    /** How long Syncs that nobody deletes hold the Destination up. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int MOST_NAMES = 10;

    private DestinationDeletion() {}

    /**
     * What it waits for.
     *
     * @param message with the names of the Syncs
     * @param until when it waits no longer; empty where the Syncs it waits for end by themselves
     */
    record Waiting(String message, Optional<Instant> until) {}

    /** Whether the finalizer is to be there while nobody deletes the Destination. */
    static boolean holds(Collection<Sync> syncs) {
        return !syncs.isEmpty();
    }

    /** What a Destination that is being deleted waits for; empty where its finalizer may go. */
    static Optional<Waiting> waitsFor(Destination destination, Collection<Sync> syncs, Instant now) {
        Instant until = OffsetDateTime.parse(destination.getMetadata().getDeletionTimestamp())
                .toInstant()
                .plus(PATIENCE);
        List<String> dropping = names(syncs.stream()
                .filter(s -> s.isMarkedForDeletion() && s.hasFinalizer(Finalizers.DELETE_DATA))
                .toList());
        List<String> living =
                names(syncs.stream().filter(s -> !s.isMarkedForDeletion()).toList());
        if (!living.isEmpty() && now.isBefore(until)) {
            return Optional.of(new Waiting(
                    "The Destination is being deleted and still used by " + inWords(living)
                            + ": delete them too. It goes with the last of them, or 5 minutes after it was deleted; a"
                            + " Sync without its Destination stops.",
                    Optional.of(until)));
        }
        return dropping.isEmpty()
                ? Optional.empty()
                : Optional.of(new Waiting(
                        "The Destination is being deleted as soon as the data is dropped of " + inWords(dropping) + ".",
                        Optional.empty()));
    }

    /** The status of a Destination that waits. */
    static DestinationStatus status(DestinationStatus last, long generation, Waiting waiting, long syncs, Instant now) {
        String reason = DestinationReason.IN_USE.text();
        List<Finding> findings = List.of(
                Finding.no(Finding.READY, reason, waiting.message()),
                Finding.yes(Finding.RECONCILING, reason, waiting.message()));
        return new DestinationStatus(
                generation,
                Conditions.next(last.conditions(), findings, DestinationStatusProjection.STAGES, generation, now),
                last.server(),
                last.instructions(),
                syncs);
    }

    private static List<String> names(Collection<Sync> syncs) {
        return syncs.stream().map(s -> s.getMetadata().getName()).sorted().toList();
    }

    private static String inWords(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
        int more = names.size() - MOST_NAMES;
        return (names.size() == 1 ? "Sync " : "Syncs ") + first + (more > 0 ? " and " + more + " more" : "");
    }
}
