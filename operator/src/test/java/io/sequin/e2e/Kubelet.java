package io.sequin.e2e;

import io.sequin.testkit.operator.PackagedOperator;
import io.sequin.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an operator running as the kubelet does: one that ends by itself, such as after a lost Lease, is started again.
 * Says so on standard error, with the end of its log.
 */
final class Kubelet implements AutoCloseable {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int LINES = 15;

    private final Supplier<PackagedOperator> starter;
    private final boolean restarts;
    private @Nullable PackagedOperator running;

    /**
     * @param restarts whether it does; else one that has ended stays so
     */
    Kubelet(Supplier<PackagedOperator> starter, boolean restarts) {
        this.starter = starter;
        this.restarts = restarts;
    }

    synchronized PackagedOperator operator() {
        return Objects.requireNonNull(running, "killed");
    }

    synchronized void start() {
        PackagedOperator started = starter.get();
        running = started;
        if (restarts) {
            Thread.ofVirtual().name("kubelet").start(() -> watch(started));
        }
    }

    /** SIGSTOP; nothing where it has just ended by itself. */
    synchronized void pause() {
        JavaProcess process = operator().process();
        try {
            process.pause();
        } catch (IllegalStateException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    /** SIGKILL, and stays so until it is started. */
    synchronized void kill() {
        PackagedOperator last = operator();
        running = null;
        last.process().kill9();
        last.close();
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            kill();
        }
    }

    private void watch(PackagedOperator started) {
        try {
            int code = started.process().waitFor(LONG).orElseThrow();
            again(started, code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void again(PackagedOperator ended, int code) {
        if (running != ended) {
            return;
        }
        System.err.println(
                "the operator has ended by itself with code " + code + " and is started again; its last lines: "
                        + String.join(System.lineSeparator(), ended.process().tail(LINES)));
        ended.close();
        start();
    }
}
