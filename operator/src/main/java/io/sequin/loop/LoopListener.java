package io.sequin.loop;

/**
 * Hears of loops. Called on loops' threads, possibly several at once: must return soon, and coalesce where the work is
 * heavy.
 */
public interface LoopListener<K> {
    /** A snapshot has changed. */
    void changed(K key);

    /** A loop had a whole good turn: its first, or the first after a crash. */
    default void worked(K key) {}

    /**
     * A loop's body threw, which is a bug; it is logged already and is tried again with backoff.
     *
     * @param consecutive crashes without a good turn between them, this one included
     */
    void crashed(K key, Throwable error, int consecutive);
}
