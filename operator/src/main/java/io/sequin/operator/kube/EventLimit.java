package io.sequin.operator.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many Events a resource may have: {@link #BURST} at once, then one in {@link #REFILL}, so that one that flaps does
 * not flood the cluster. Safe for threads.
 */
final class EventLimit {
    /** The numbers by which kubectl's own library limits a component's Events of one object. */
    static final int BURST = 25;

    static final Duration REFILL = Duration.ofMinutes(5);

    private final Map<String, Instant> fullAgain = new ConcurrentHashMap<>();

    /** Takes one of the resource's Events; false where none is left. */
    boolean take(String uid, Instant now) {
        boolean[] taken = {false};
        fullAgain.compute(uid, (key, full) -> {
            Instant latest = now.plus(REFILL.multipliedBy(BURST));
            Instant from = full == null || full.isBefore(now) ? now : full;
            // later only since the clock was set back
            from = from.isAfter(latest) ? latest : from;
            Instant next = from.plus(REFILL);
            taken[0] = !next.isAfter(latest);
            return taken[0] ? next : from;
        });
        return taken[0];
    }

    void forget(String uid) {
        fullAgain.remove(uid);
    }
}
