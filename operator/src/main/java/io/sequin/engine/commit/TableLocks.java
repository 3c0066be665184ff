package io.sequin.engine.commit;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock a table within this process, so that what its lanes do to it happens one after the other, and each lane gets
 * its turn beside one that comes back at once.
 */
final class TableLocks {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** What is done meanwhile. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Does something while it holds the locks of these tables. They are taken in name order, the same for all, so that no
     * two wait for each other.
     */
    <T> T under(Collection<String> tables, Work<T> work) throws InterruptedException {
        List<ReentrantLock> taken = tables.stream()
                .distinct()
                .sorted()
                .map(table -> locks.computeIfAbsent(table, t -> new ReentrantLock(true)))
                .toList();
        taken.forEach(ReentrantLock::lock);
        try {
            return work.run();
        } finally {
            taken.reversed().forEach(ReentrantLock::unlock);
        }
    }
}
