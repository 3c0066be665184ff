package io.sequin.engine.board;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says when a lane may be said to be alive: that comes with each page, and publishes a snapshot of all tables. Not safe for threads. */
final class Beat {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private @Nullable Instant last;

    /** Whether it is time again; then it was. */
    boolean isDue(Instant now) {
        // a clock that was set back must not silence it
        if (last != null && Duration.between(last, now).abs().compareTo(EVERY) < 0) {
            return false;
        }
        last = now;
        return true;
    }
}
