package io.sequin.engine;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.Passes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A full pass under way of a database in memory. The keys may be lost, their number is not. */
final class MemoryPass {
    /** Rows that are handed out to be asked for at most. */
    private static final int ASKED = 5;

    final Passes.Listing what;
    final Set<String> tables;
    final Map<String, Set<RowKey>> keys = new HashMap<>();
    final Map<String, RowKey> asked = new HashMap<>();
    /** Tables at some of whose rows a sweep has looked. */
    final Set<String> looked = new HashSet<>();

    long count;
    boolean complete;
    final int since;

    MemoryPass(Passes.Listing what, int since) {
        this.since = since;
        this.what = what;
        this.tables = what.tables();
    }

    boolean isWhole() {
        return count == keys.values().stream().mapToInt(Set::size).sum();
    }

    boolean met(String table, RowKey key) {
        return keys.getOrDefault(table, Set.of()).contains(key);
    }

    /** Of the keys of rows that were not met, those that the source was not asked for yet. */
    List<RowKey> toAsk(String table, List<RowKey> unmet) {
        String last = asked.getOrDefault(table, RowKey.of("")).parts().getFirst();
        return unmet.stream()
                .filter(key -> key.parts().getFirst().compareTo(last) > 0)
                .distinct()
                .sorted(Comparator.comparing(key -> key.parts().getFirst()))
                .limit(ASKED)
                .toList();
    }
}
