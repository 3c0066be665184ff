package io.sequin.engine.order;

import io.sequin.data.SmallMap;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock a table within this process, so that what its lanes do to it happens one after the other, and each lane gets
 * its turn beside one that comes back at once.
 */
public final class TableLocks {
    private final SmallMap<String, ReentrantLock> locks = new SmallMap<>();

    /** What is done meanwhile. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Does something while it holds the locks of these tables. They are taken in name order, the same for all, so that no
     * two wait for each other.
     *
     * @throws InterruptedException also while it waits for them; then nothing was done
     */
    public <T> T under(Collection<String> tables, Work<T> work) throws InterruptedException {
        List<ReentrantLock> taken = tables.stream()
                .distinct()
                .sorted()
                .map(table -> locks.computeIfAbsent(table, t -> new ReentrantLock(true)))
                .toList();
        int held = 0;
        try {
            for (ReentrantLock lock : taken) {
                lock.lockInterruptibly();
                held++;
            }
            return work.run();
        } finally {
            taken.subList(0, held).reversed().forEach(ReentrantLock::unlock);
        }
    }
}
