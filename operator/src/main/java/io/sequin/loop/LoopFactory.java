package io.sequin.loop;

import java.util.function.Consumer;

/** Makes the body of a loop. Does no I/O itself: the first turn does. */
@FunctionalInterface
public interface LoopFactory<K, P, S> {
    /**
     * @param publish takes each new snapshot; an equal one is dropped
     */
    LoopBody create(K key, P plan, RunPermit permit, Consumer<S> publish);
}
