package io.sequin.testkit.stripe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;

/** At most so many requests in any interval; a refused one doesn't count. */
final class RateGate {
    private final String pathPrefix;
    private final int requests;
    private final long intervalNanos;
    private final boolean retryAfter;
    private final ArrayDeque<Long> accepted = new ArrayDeque<>();

    RateGate(String pathPrefix, int requests, Duration interval, boolean retryAfter) {
        this.pathPrefix = pathPrefix;
        this.requests = requests;
        this.intervalNanos = interval.toNanos();
        this.retryAfter = retryAfter;
    }

    synchronized void check(String path) {
        if (!path.startsWith(pathPrefix)) {
            return;
        }
        long now = System.nanoTime();
        while (!accepted.isEmpty() && now - accepted.getFirst() >= intervalNanos) {
            accepted.removeFirst();
        }
        if (accepted.size() >= requests) {
            long waitNanos = accepted.isEmpty() ? intervalNanos : intervalNanos - (now - accepted.getFirst());
            String seconds = String.valueOf(Math.max(1, Math.ceilDiv(waitNanos, 1_000_000_000L)));
            throw StripeError.rateLimited(
                            pathPrefix.equals("/v1/") ? "global-rate" : "endpoint-rate",
                            retryAfter ? Map.of("Retry-After", seconds) : Map.of())
                    .asAnswer();
        }
        accepted.addLast(now);
    }
}
