package io.sequin.testkit.process;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something slow that the first caller starts and all others share. A start that fails twice is not tried again: a hundred
 * tests should not each wait for the same failure, nor all fail because a busy machine was too slow once.
 *
 * @param <T> what is started
 */
public final class OnceStarted<T> {
    private final Supplier<T> start;
    private @Nullable T started;
    private @Nullable RuntimeException failure;

    /** Starts nothing yet. */
    public OnceStarted(Supplier<T> start) {
        this.start = start;
    }

    /**
     * The shared thing; waits while another thread starts it.
     *
     * @throws IllegalStateException when the start failed, now or twice at an earlier call, with that failure as its cause
     */
    public synchronized T get() {
        if (started != null) {
            return started;
        }
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
        try {
            return start();
        } catch (RuntimeException first) {
            try {
                return start();
            } catch (RuntimeException e) {
                e.addSuppressed(first);
                failure = e;
                throw e;
            }
        }
    }

    private T start() {
        T fresh = start.get();
        started = fresh;
        return fresh;
    }
}
