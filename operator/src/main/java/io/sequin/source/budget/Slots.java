package io.sequin.source.budget;

/** So many requests at once; some of them are kept from backfills, so that slow lists never hold up a tail. */
final class Slots {
    private static final int KEPT = 4;

    private final Allowance most;
    private int used;
    private int usedByBackfills;

    Slots(double most) {
        this.most = new Allowance(most);
    }

    int most(long now) {
        return (int) Math.max(1, most.at(now));
    }

    int used() {
        return used;
    }

    boolean isFree(boolean keepsCurrent, long now) {
        int all = most(now);
        int forBackfills = Math.max(1, all - Math.ceilDiv(all, KEPT));
        return used < all && (keepsCurrent || usedByBackfills < forBackfills);
    }

    void take(boolean keepsCurrent) {
        used++;
        usedByBackfills += keepsCurrent ? 0 : 1;
    }

    void give(boolean keepsCurrent) {
        used--;
        usedByBackfills -= keepsCurrent ? 0 : 1;
    }

    void halve(long now) {
        most.halve(now, now);
    }

    boolean isAtRest(long now) {
        return used == 0 && most.at(now) >= most.usual();
    }
}
