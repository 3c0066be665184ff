package io.sequin.observability;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The process's own pulse: it beats while threads get to run and the loops are not all stuck. Knows nothing of the API
 * server, whose absence a restart would not cure.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration DEAD = Duration.ofSeconds(60);

    private final ScheduledFuture<?> beats;
    private volatile long last = System.nanoTime();

    /**
     * @param ticker must not wait for anything
     * @param allStuck whether there are loops and every one of them hangs
     */
    public Heartbeat(ScheduledExecutorService ticker, BooleanSupplier allStuck) {
        beats = ticker.scheduleWithFixedDelay(
                () -> {
                    if (!allStuck.getAsBoolean()) {
                        last = System.nanoTime();
                    }
                },
                0,
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Whether it beat within the last minute. */
    public boolean alive() {
        return System.nanoTime() - last < DEAD.toNanos();
    }

    @Override
    public void close() {
        beats.cancel(true);
    }
}
