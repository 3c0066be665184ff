package io.sequin.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes what runs for one key follow what is wanted for it: stops the old run before a new one starts. That takes time, and
 * so a thread; while what runs is what is wanted there is none.
 */
final class Supervisor<K, P, S> {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoops.class);

    private final K key;
    private final Function<P, LoopRun<K, P, S>> runs;
    private final LoopSettings<K> settings;
    private final Consumer<Supervisor<K, P, S>> onEnd;
    private final CountDownLatch ended = new CountDownLatch(1);

    private @Nullable P wanted;
    private StopReason endReason = StopReason.SHUTDOWN;
    private @Nullable LoopRun<K, P, S> run;
    private boolean following;

    private Supervisor(
            K key,
            P plan,
            Function<P, LoopRun<K, P, S>> runs,
            LoopSettings<K> settings,
            Consumer<Supervisor<K, P, S>> onEnd) {
        this.key = key;
        this.wanted = plan;
        this.runs = runs;
        this.settings = settings;
        this.onEnd = onEnd;
    }

    static <K, P, S> Supervisor<K, P, S> start(
            K key,
            P plan,
            Function<P, LoopRun<K, P, S>> runs,
            LoopSettings<K> settings,
            Consumer<Supervisor<K, P, S>> onEnd) {
        Supervisor<K, P, S> supervisor = new Supervisor<>(key, plan, runs, settings, onEnd);
        supervisor.startWanted();
        return supervisor;
    }

    /** Takes a plan; false where this supervisor has ended already and another one is needed. */
    synchronized boolean apply(P plan) {
        if (run == null) {
            return false;
        }
        if (!plan.equals(wanted)) {
            wanted = plan;
            follow();
        }
        return true;
    }

    synchronized void end(StopReason reason) {
        if (wanted != null) {
            wanted = null;
            endReason = reason;
            follow();
        }
    }

    boolean awaitEnd(Duration deadline) throws InterruptedException {
        return ended.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    void wake() {
        present().ifPresent(LoopRun::wake);
    }

    void permitIs(boolean granted) {
        present().ifPresent(r -> r.permitIs(granted));
    }

    Optional<S> snapshot() {
        return present().flatMap(LoopRun::snapshot);
    }

    boolean stuckSince(Instant before) {
        return present().filter(r -> r.stuckSince(before)).isPresent();
    }

    /** The run of the wanted plan; empty while another one is ending. */
    private synchronized Optional<LoopRun<K, P, S>> present() {
        return Optional.ofNullable(run).filter(r -> r.plan().equals(wanted));
    }

    private void follow() {
        if (!following) {
            following = true;
            Thread.ofVirtual().name(settings.name() + "-supervisor " + key).start(this::stopUnwanted);
        }
    }

    private void stopUnwanted() {
        settings.logContext().apply(key).forEach(MDC::put);
        LoopRun<K, P, S> old = unwanted();
        while (old != null) {
            if (!old.stop(reason())) {
                LOG.warn("the loop did not stop within {}; it is left behind", settings.join());
            }
            startWanted();
            old = unwanted();
        }
    }

    /** What runs and is not wanted; null where there is nothing left to do. */
    private synchronized @Nullable LoopRun<K, P, S> unwanted() {
        LoopRun<K, P, S> running = run;
        following = running != null && !running.plan().equals(wanted);
        return following ? running : null;
    }

    private synchronized StopReason reason() {
        return wanted == null ? endReason : StopReason.REPLACED;
    }

    private void startWanted() {
        synchronized (this) {
            run = wanted == null ? null : runs.apply(wanted);
            if (run != null) {
                run.start();
                return;
            }
        }
        onEnd.accept(this);
        ended.countDown();
    }
}
