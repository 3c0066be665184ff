package io.sequin.testkit.process;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something slow that the first caller starts and all others share. A failure is kept too: a hundred tests should not
 * each wait for the same start to fail.
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
     * @throws IllegalStateException when the start failed, now or at an earlier call, with that failure as its cause
     */
    public synchronized T get() {
        if (started != null) {
            return started;
        }
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
        try {
            T fresh = start.get();
            started = fresh;
            return fresh;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }
}
