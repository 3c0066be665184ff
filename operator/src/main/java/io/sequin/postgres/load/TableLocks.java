package io.sequin.postgres.load;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One lock a table within this process, so that its lanes never meet in the server's row locks. */
final class TableLocks {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /**
     * Does work while it holds the locks of these tables, taken in name order, the same for all, so that no two wait for
     * each other.
     */
    <T> T under(Collection<String> tables, Supplier<T> work) {
        List<ReentrantLock> taken = tables.stream()
                .distinct()
                .sorted()
                .map(table -> locks.computeIfAbsent(table, t -> new ReentrantLock()))
                .toList();
        taken.forEach(ReentrantLock::lock);
        try {
            return work.get();
        } finally {
            taken.reversed().forEach(ReentrantLock::unlock);
        }
    }
}
