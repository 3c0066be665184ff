package io.sequin.testkit.kube;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * kube-api-test measures how long a start takes by times of the day: one that may last beyond midnight is over its time
 * at once.
 */
final class Midnight {
    private Midnight() {}

    /** How long to wait, so that something that may last so long does not last beyond midnight. */
    static Duration rest(LocalTime now, Duration lasting) {
        boolean wraps = now.plus(lasting).isBefore(now);
        return wraps ? Duration.between(now, LocalTime.MAX).plusSeconds(1) : Duration.ZERO;
    }

    /** Waits for it. */
    static void passIfNear(Duration lasting) {
        try {
            Thread.sleep(rest(LocalTime.now(ZoneId.systemDefault()), lasting));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while midnight passes", e);
        }
    }
}
