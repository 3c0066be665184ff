package io.sequin.testkit.demo;

import java.util.OptionalLong;

/**
 * One table as the demo shows it.
 *
 * @param state as the Sync's status tells it; {@code -} while it says nothing
 * @param rows in Postgres now
 * @param total objects at the source; empty where nobody can say
 * @param perSecond rows that came since the last look, per second; negative where rows went
 */
record TableProgress(String name, String state, long rows, OptionalLong total, double perSecond) {
    /** From 0 to 1; a table with nothing at the source is full. */
    double share() {
        long all = total.orElse(0);
        return all == 0 ? 1 : Math.min(1, (double) rows / all);
    }

    boolean isMoving() {
        return Math.abs(perSecond) >= 0.5;
    }
}
