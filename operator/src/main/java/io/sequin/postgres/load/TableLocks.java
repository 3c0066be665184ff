package io.sequin.postgres.load;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One lock a table within this process, so that what its lanes do to it happens one after the other, and each lane gets
 * its turn beside one that comes back at once.
 */
public final class TableLocks {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Locks that are held; for the thread that took them. */
    public static final class Held {
        private final List<ReentrantLock> taken;

        private Held(List<ReentrantLock> taken) {
            this.taken = taken;
        }

        /** Gives them back. */
        public void release() {
            taken.reversed().forEach(ReentrantLock::unlock);
        }
    }

    /** Takes the locks of these tables, in name order, the same for all, so that no two wait for each other. */
    public Held hold(Collection<String> tables) {
        List<ReentrantLock> taken = tables.stream()
                .distinct()
                .sorted()
                .map(table -> locks.computeIfAbsent(table, t -> new ReentrantLock(true)))
                .toList();
        taken.forEach(ReentrantLock::lock);
        return new Held(taken);
    }

    /** Does work while it holds the locks of these tables. */
    <T> T under(Collection<String> tables, Supplier<T> work) {
        Held held = hold(tables);
        try {
            return work.get();
        } finally {
            held.release();
        }
    }
}
