package io.sequin.operator.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a cache that stopped from one that is a moment behind: for an object the API server has shown another version
 * than the cached one, and the cached one has not moved, for {@link #PATIENCE}. Pure but for its memory; for one thread.
 */
final class CacheLag {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private Map<String, Lag> lags = Map.of();

    private record Lag(@Nullable String cached, Instant since) {}

    /**
     * Takes one comparison.
     *
     * @param served versions by uid, as the API server has just shown them
     * @param cached the same of the cache, read afterwards
     * @return the uids of which the cache has missed the news
     */
    Set<String> compare(Map<String, String> served, Map<String, String> cached, Instant now) {
        Set<String> all = new HashSet<>(served.keySet());
        all.addAll(cached.keySet());
        Map<String, Lag> next = new HashMap<>();
        Set<String> stale = new HashSet<>();
        for (String uid : all) {
            String has = cached.get(uid);
            if (Objects.equals(served.get(uid), has)) {
                continue;
            }
            Lag before = lags.get(uid);
            Lag lag = before != null && Objects.equals(before.cached(), has) ? before : new Lag(has, now);
            next.put(uid, lag);
            if (!now.isBefore(lag.since().plus(PATIENCE))) {
                stale.add(uid);
            }
        }
        lags = next;
        return stale;
    }
}
