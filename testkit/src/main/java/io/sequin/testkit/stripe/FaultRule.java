package io.sequin.testkit.stripe;

import java.util.function.Predicate;

/**
 * When a fault happens. Immutable: each method gives a narrower rule.
 *
 * @param path which paths, for example {@code /v1/charges}
 * @param times at most so often
 * @param every only each so-manieth request of those paths; 1: all
 */
public record FaultRule(Fault fault, Predicate<String> path, int times, int every) {

    /** Every request, until the rule is closed. */
    public static FaultRule always(Fault fault) {
        return new FaultRule(fault, path -> true, Integer.MAX_VALUE, 1);
    }

    /** Only paths that start so. */
    public FaultRule onPath(String prefix) {
        return new FaultRule(fault, path.and(p -> p.startsWith(prefix)), times, every);
    }

    /** Only this very path: a list, and none of its objects. */
    public FaultRule onlyPath(String whole) {
        return new FaultRule(fault, path.and(whole::equals), times, every);
    }

    /** Only the next {@code n} requests that fit. */
    public FaultRule times(int n) {
        return new FaultRule(fault, path, n, every);
    }

    /** Only each {@code n}-th request that fits, beginning with the {@code n}-th. */
    public FaultRule everyNth(int n) {
        return new FaultRule(fault, path, times, n);
    }
}
