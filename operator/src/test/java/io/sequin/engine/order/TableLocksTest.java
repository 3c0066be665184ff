package io.sequin.engine.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TableLocksTest {
    private static final int ROUNDS = 2_000;

    private final TableLocks locks = new TableLocks();
    /** Not safe for threads: what is done to it at once is lost. */
    private final Map<String, Integer> done = new TreeMap<>(Map.of("a", 0, "b", 0, "c", 0));

    @Test
    void lanesThatNameTheirTablesInAnyOrderTakeTurnsAndNeverWaitForEachOther() throws Exception {
        List<List<String>> lanes = List.of(
                List.of("a", "b", "c"), List.of("c", "b", "a"), List.of("b", "a", "b", "c"), List.of("c", "a", "b"));
        CompletableFuture.allOf(lanes.stream()
                        .map(tables -> CompletableFuture.runAsync(() -> work(tables), Thread::startVirtualThread))
                        .toArray(CompletableFuture[]::new))
                .get(60, TimeUnit.SECONDS);
        assertThat(done.values()).containsOnly(lanes.size() * ROUNDS);
    }

    private void work(List<String> tables) {
        for (int i = 0; i < ROUNDS; i++) {
            turn(tables);
        }
    }

    private void turn(List<String> tables) {
        try {
            locks.under(tables, () -> {
                done.replaceAll((table, count) -> count + 1);
                return true;
            });
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
