package io.sequin.testkit.stripe;

import java.util.HashMap;
import java.util.Map;

/** At most so many requests of an account at a time. Safe for threads. */
final class ConcurrencyGate {
    private final int most;
    private final Map<String, Integer> running = new HashMap<>();

    ConcurrencyGate(int most) {
        this.most = most;
    }

    /** False: there are enough already; who gets true must {@link #leave}. */
    synchronized boolean enter(String account) {
        if (running.getOrDefault(account, 0) >= most) {
            return false;
        }
        running.merge(account, 1, Integer::sum);
        return true;
    }

    synchronized void leave(String account) {
        running.merge(account, -1, Integer::sum);
    }
}
