package io.sequin.loop;

import java.util.function.Consumer;

/** Makes the body of a loop. Does no I/O itself: the first turn does. */
@FunctionalInterface
public interface LoopFactory<K, P, S> {
    /**
     * @param publish takes each new snapshot, from any thread; each call counts as a heartbeat, an equal snapshot is dropped
     */
    LoopBody create(K key, P plan, RunPermit permit, Consumer<S> publish);
}
