package io.sequin.operator.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When a resource is looked at again, if nothing happens before. */
public final class Reschedule {
    private static final Duration LEAST = Duration.ofMillis(200);

    private Reschedule() {}

    /**
     * The usual time, shortened by up to a fifth at random so that resources spread; sooner where something is due
     * before.
     */
    public static Duration after(Duration usual, Optional<Instant> due, Instant now) {
        double spread = ThreadLocalRandom.current().nextDouble(0.8, 1.0);
        Duration wait = Duration.ofMillis((long) (usual.toMillis() * spread));
        Duration untilDue =
                due.map(at -> Duration.between(now, at).plusMillis(50)).orElse(wait);
        Duration soonest = untilDue.compareTo(wait) < 0 ? untilDue : wait;
        return soonest.compareTo(LEAST) < 0 ? LEAST : soonest;
    }
}
