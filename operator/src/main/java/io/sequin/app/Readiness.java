package io.sequin.app;

import io.javaoperatorsdk.operator.Operator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process serves: its caches are filled and follow the API server, and it is not stopping. A standby is as
 * ready as the leader. A watch that is being made anew is no news for half a minute.
 */
final class Readiness {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Operator operator;
    private final Clock clock;
    private volatile boolean started;
    private volatile boolean stopping;
    private @Nullable Instant unhealthySince;

    Readiness(Operator operator, Clock clock) {
        this.operator = operator;
        this.clock = clock;
    }

    void started() {
        started = true;
    }

    void stopping() {
        stopping = true;
    }

    synchronized boolean ready() {
        if (!started || stopping) {
            return false;
        }
        if (operator.getRuntimeInfo().allEventSourcesAreHealthy()) {
            unhealthySince = null;
            return true;
        }
        Instant now = clock.instant();
        if (unhealthySince == null) {
            unhealthySince = now;
        }
        return now.isBefore(unhealthySince.plus(PATIENCE));
    }
}
