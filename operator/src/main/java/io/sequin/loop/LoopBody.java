package io.sequin.loop;

import java.util.function.BooleanSupplier;

/**
 * What a loop does. Each turn runs on a virtual thread of its own, one turn at a time; it may start more and must join
 * them before it returns.
 */
public interface LoopBody {
    /**
     * One turn of work. Trouble is published as part of the snapshot, not thrown; what is thrown all the same counts as
     * a bug, is logged and tried again with backoff.
     *
     * @throws InterruptedException when the loop is to stop: roll back and return promptly
     */
    Turn turn() throws InterruptedException;

    /**
     * Called once, before the first turn: how a body hears during a long turn that {@link Loops#wake} was called.
     *
     * @param heard true where it was since it was last asked; that is used up then, and {@link #woken} not called for it
     */
    default void listen(BooleanSupplier heard) {}

    /** The turn that follows was asked for by {@link Loops#wake}: what waits for a retry may be tried now. */
    default void woken() {}

    /** The last call, like a turn on a thread of its own, whatever happened before. Bounded in time. */
    void close(StopReason reason);
}
