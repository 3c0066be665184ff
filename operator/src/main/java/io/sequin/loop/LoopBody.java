package io.sequin.loop;

/** What a loop does. Runs on one virtual thread of its own; may start more and must join them before it returns. */
public interface LoopBody {
    /**
     * One turn of work. Trouble is published as part of the snapshot, not thrown; what is thrown all the same counts as
     * a bug, is logged and tried again with backoff.
     *
     * @throws InterruptedException when the loop is to stop: roll back and return promptly
     */
    Turn turn() throws InterruptedException;

    /** The turn that follows was asked for by {@link Loops#wake}: what waits for a retry may be tried now. */
    default void woken() {}

    /** The last call, on the loop's thread, whatever happened before. Bounded in time. */
    void close(StopReason reason);
}
