package io.sequin.verify;

import io.sequin.data.Problem;
import io.sequin.loop.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to verify next: each interval while all is well; sooner after a failure (5 s, 10 s, … up to the interval), so that
 * nobody waits long after a repair; not before the time that the problem itself names. All with 10 % of jitter.
 */
final class VerifySchedule {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final double JITTER = 0.1;

    private final Duration interval;
    private final Backoff retries;
    private final RandomGenerator random;
    private int failures;

    VerifySchedule(Duration interval, RandomGenerator random) {
        this.interval = interval;
        this.retries = new Backoff(FIRST_RETRY, interval.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : interval);
        this.random = random;
    }

    /** Something has changed: the next failures are again retried soon. */
    void changed() {
        failures = 0;
    }

    /** The wait after this verdict. */
    Duration after(DestinationSnapshot verdict, Instant now) {
        Optional<Problem> failure = Verdict.failure(verdict);
        if (failure.isEmpty()) {
            failures = 0;
            return jittered(interval);
        }
        failures++;
        Duration wait = jittered(retries.full(failures));
        Duration limit =
                failure.get().retryAt().map(at -> Duration.between(now, at)).orElse(Duration.ZERO);
        return limit.compareTo(wait) > 0 ? limit : wait;
    }

    private Duration jittered(Duration wait) {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofMillis((long) (wait.toMillis() * factor));
    }
}
