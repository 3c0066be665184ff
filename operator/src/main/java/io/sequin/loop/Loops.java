package io.sequin.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The running loops: one per key, never two. All calls return at once unless said otherwise.
 *
 * @param <K> what a loop belongs to
 * @param <P> its plan, compared by {@code equals}
 * @param <S> what it publishes
 */
public interface Loops<K, P, S> extends AutoCloseable {
    /** Wants a loop with this plan. The same plan again changes nothing; another one stops the old loop first. */
    void apply(K key, P plan);

    /** Wants no loop for this key; one that runs ends with the reason given. */
    void remove(K key, StopReason reason);

    /** Lets the loop's next turn begin now. */
    void wake(K key);

    /** The newest snapshot of the present plan; empty before its first one and for an unknown key. */
    Optional<S> snapshot(K key);

    /** The keys that have a loop, or one that is still ending. */
    Set<K> keys();

    /**
     * Stops all loops and waits for them. Nothing starts afterwards: later calls of {@link #apply} do nothing.
     *
     * @return whether all have ended in time
     */
    boolean drain(Duration deadline) throws InterruptedException;

    /** Stops all loops with a short deadline. */
    @Override
    void close();
}
