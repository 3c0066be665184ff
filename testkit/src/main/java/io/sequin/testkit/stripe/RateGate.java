package io.sequin.testkit.stripe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** At most so many requests of an account in any interval; a refused one doesn't count. Safe for threads. */
final class RateGate {
    private final @Nullable String pathPrefix;
    private final int requests;
    private final long intervalNanos;
    private final boolean retryAfter;
    private final Map<Counted, ArrayDeque<Long>> accepted = new HashMap<>();

    /** What is counted together. */
    private record Counted(String account, String endpoint) {}

    /** Counts paths with this prefix together; null: each endpoint by itself. */
    RateGate(@Nullable String pathPrefix, int requests, Duration interval, boolean retryAfter) {
        this.pathPrefix = pathPrefix;
        this.requests = requests;
        this.intervalNanos = interval.toNanos();
        this.retryAfter = retryAfter;
    }

    synchronized void check(String account, String path, String endpoint) {
        if (pathPrefix != null && !path.startsWith(pathPrefix)) {
            return;
        }
        String together = pathPrefix == null ? endpoint : pathPrefix;
        ArrayDeque<Long> times = accepted.computeIfAbsent(new Counted(account, together), c -> new ArrayDeque<>());
        long now = System.nanoTime();
        while (!times.isEmpty() && now - times.getFirst() >= intervalNanos) {
            times.removeFirst();
        }
        if (times.size() >= requests) {
            long waitNanos = times.isEmpty() ? intervalNanos : intervalNanos - (now - times.getFirst());
            String seconds = String.valueOf(Math.max(1, Math.ceilDiv(waitNanos, 1_000_000_000L)));
            throw StripeError.rateLimited(
                            together.equals("/v1/") ? "global-rate" : "endpoint-rate",
                            retryAfter ? Map.of("Retry-After", seconds) : Map.of())
                    .asAnswer();
        }
        times.addLast(now);
    }
}
