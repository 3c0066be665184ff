package io.sequin.engine.board;

import io.sequin.data.LaneId;
import io.sequin.source.Lane;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** How far the tails have come. Not safe for threads. */
final class Progress {
    /** Made for one tail, as most Syncs have; it grows. */
    private final Map<LaneId, Instant> caughtUp = HashMap.newHashMap(1);

    private List<Lane> tails = List.of();

    /** These are all there are; what is known of them stays. */
    void of(Collection<Lane> all) {
        tails = List.copyOf(all);
        caughtUp.keySet().retainAll(tails.stream().map(Lane::id).toList());
    }

    /** Everything that had happened to a tail's tables by then is applied. */
    void caughtUp(Lane tail, Instant asOf) {
        caughtUp.put(tail.id(), asOf);
    }

    /**
     * Of the tail that is furthest behind, and as much later as that one may rest. Tails whose tables all fail don't
     * count, unless there are no others; those that wait for the first passes of all their tables don't either.
     *
     * @return empty where a tail that counts has not caught up once
     */
    Optional<Instant> slowest(Predicate<String> live, Predicate<String> failing) {
        List<Lane> working = tails.stream()
                .filter(tail -> !tail.tables().stream().allMatch(failing))
                .toList();
        List<Lane> counting = (working.isEmpty() ? tails : working)
                .stream()
                        .filter(tail -> caughtUp.containsKey(tail.id())
                                || tail.tables().stream().anyMatch(live))
                        .toList();
        if (!caughtUp.keySet().containsAll(counting.stream().map(Lane::id).toList())) {
            return Optional.empty();
        }
        return counting.stream()
                .map(tail -> caughtUp.getOrDefault(tail.id(), Instant.MIN).plus(tail.every()))
                .min(Comparator.naturalOrder());
    }
}
