package io.sequin.source;

import java.util.HashMap;
import java.util.Map;

/**
 * What a source allows one account, as its documentation says; how much of that is used is the operator's to decide.
 *
 * @param perSecond requests a second over everything
 * @param perGroup requests a second of each group of calls, such as one endpoint
 * @param groups groups with another number than {@code perGroup}
 * @param concurrent requests under way at once
 */
public record RateLimits(int perSecond, int perGroup, Map<String, Integer> groups, int concurrent) {
    public RateLimits {
        groups = Map.copyOf(groups);
        if (perSecond < 1
                || perGroup < 1
                || concurrent < 1
                || groups.values().stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("a limit below one request");
        }
    }

    /** The same proportions, with so many requests a second over everything. */
    public RateLimits withPerSecond(int all) {
        Map<String, Integer> scaled = new HashMap<>();
        groups.forEach((group, limit) -> scaled.put(group, scaled(limit, all)));
        return new RateLimits(all, scaled(perGroup, all), scaled, concurrent);
    }

    private int scaled(int limit, int all) {
        return (int) Math.max(1, (long) limit * all / perSecond);
    }

    /** The limit of a group. */
    public int of(String group) {
        return groups.getOrDefault(group, perGroup);
    }
}
