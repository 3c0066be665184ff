package io.sequin.data;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A map of few entries, and of none most of the time, as each of thousands of Syncs has some: it takes hardly more memory
 * than what is in it, since there is an immutable map that each change replaces. Not for many entries: each change copies all.
 * Safe for threads; readers wait for nobody.
 *
 * @param <K> the keys
 * @param <V> what is kept for each
 */
public final class SmallMap<K, V> {
    private volatile Map<K, V> entries = Map.of();

    /** All of it as it is now; does not change any more. */
    public Map<K, V> now() {
        return entries;
    }

    /** What is kept for a key. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** In place of what was kept for the key. */
    public void put(K key, V value) {
        change(all -> all.put(key, value));
    }

    /** Keeps nothing for the key. */
    public void remove(K key) {
        if (entries.containsKey(key)) {
            change(all -> all.remove(key));
        }
    }

    /** What is kept for the key; where nothing is, this from now on, made once while others wait. */
    public V computeIfAbsent(K key, Function<? super K, ? extends V> made) {
        V there = entries.get(key);
        if (there != null) {
            return there;
        }
        synchronized (this) {
            V other = entries.get(key);
            if (other != null) {
                return other;
            }
            V mine = made.apply(key);
            put(key, mine);
            return mine;
        }
    }

    /** Several changes that others see all at once. */
    public synchronized void change(Consumer<Map<K, V>> how) {
        Map<K, V> all = new HashMap<>(entries);
        how.accept(all);
        // an immutable one of one entry has no table; those of more would have another order in each process
        entries = all.size() <= 1 ? Map.copyOf(all) : Collections.unmodifiableMap(all);
    }
}
