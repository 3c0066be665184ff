package io.sequin.app;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this process ends: by a signal in good order with 0, or with 1 when it can't go on; then within a deadline,
 * whatever hangs.
 */
final class Exit {
    private static final Logger LOG = LoggerFactory.getLogger(Exit.class);
    private static final int FAILED = 1;

    private final Duration deadline;
    private volatile int code;

    /**
     * @param deadline from a failure to the end of the process
     */
    Exit(Duration deadline) {
        this.deadline = deadline;
    }

    /** Installs the one shutdown hook; it ends the process with our exit code instead of the signal's. */
    void onShutdown(AutoCloseable app) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app), "shutdown"));
    }

    /** This process can't go on: ends it from a thread of its own, since the caller's may be needed for that. */
    void failed() {
        code = FAILED;
        Thread.ofPlatform().daemon().name("halt-at-deadline").start(this::haltAtDeadline);
        Thread.ofPlatform().name("exit").start(() -> Runtime.getRuntime().exit(FAILED));
    }

    private void stop(AutoCloseable app) {
        try {
            app.close();
        } catch (Exception e) {
            LOG.error("stopping failed", e);
            code = FAILED;
        }
        Runtime.getRuntime().halt(code);
    }

    private void haltAtDeadline() {
        try {
            Thread.sleep(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.error("not stopped within {} ms: halting", deadline.toMillis());
        Runtime.getRuntime().halt(FAILED);
    }
}
