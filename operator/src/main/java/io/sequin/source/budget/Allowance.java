package io.sequin.source.budget;

import java.util.concurrent.TimeUnit;

/** A number that is halved when it was too much, and grows back evenly. */
final class Allowance {
    /** From nothing to the usual. */
    static final long RECOVERY = TimeUnit.SECONDS.toNanos(30);

    private final double usual;
    private double base;
    private long since;

    Allowance(double usual) {
        this.usual = usual;
        this.base = usual;
    }

    double usual() {
        return usual;
    }

    double at(long now) {
        double grown = now <= since ? 0 : usual * (now - since) / RECOVERY;
        return Math.min(usual, base + grown);
    }

    /**
     * Halves it; one is left.
     *
     * @param growing when it begins to grow
     */
    void halve(long now, long growing) {
        base = Math.max(Math.min(1, usual), at(now) / 2);
        since = Math.max(now, growing);
    }
}
