package io.sequin.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Few entries, changed by many threads. */
class SmallMapTest {
    private final SmallMap<String, Integer> map = new SmallMap<>();

    @Test
    void holdsWhatWasPutLast() {
        map.put("a", 1);
        map.put("b", 2);
        map.put("a", 3);
        assertThat(map.get("a")).contains(3);
        assertThat(map.now()).isEqualTo(Map.of("a", 3, "b", 2));
        map.remove("a");
        map.remove("none");
        assertThat(map.get("a")).isEmpty();
        assertThat(map.now()).isEqualTo(Map.of("b", 2));
    }

    @Test
    void makesAnEntryOnlyWhereThereIsNone() {
        assertThat(map.computeIfAbsent("a", String::length)).isEqualTo(1);
        assertThat(map.computeIfAbsent("a", key -> 7)).isEqualTo(1);
    }

    @Test
    void whatWasSeenStaysAsItWas() {
        map.put("a", 1);
        Map<String, Integer> seen = map.now();
        map.change(all -> {
            all.clear();
            all.put("b", 2);
        });
        assertThat(seen).isEqualTo(Map.of("a", 1));
        assertThat(map.now()).isEqualTo(Map.of("b", 2));
    }

    @Test
    void losesNoChangeOfSeveralThreads() throws Exception {
        Set<Integer> made = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    made.add(map.computeIfAbsent("shared", key -> number));
                    map.change(counted -> counted.merge("count", 1, Integer::sum));
                    map.put("own" + number, number);
                    map.remove("own" + number);
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(made).hasSize(1);
        assertThat(map.now().keySet()).isEqualTo(Set.of("shared", "count"));
        assertThat(map.get("count")).contains(200);
    }
}
