package io.sequin.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Makes what runs for one key follow what is wanted for it: stops the old run before a new one starts. */
final class Supervisor<K, P, S> {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoops.class);

    private final Function<P, LoopRun<K, P, S>> runs;
    private final LoopSettings<K> settings;
    private final Consumer<Supervisor<K, P, S>> onEnd;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wantChanged = lock.newCondition();
    private @Nullable P wanted;
    private StopReason endReason = StopReason.SHUTDOWN;
    private boolean ended;
    private @Nullable LoopRun<K, P, S> run;

    private Supervisor(
            K key,
            P plan,
            Function<P, LoopRun<K, P, S>> runs,
            LoopSettings<K> settings,
            Consumer<Supervisor<K, P, S>> onEnd) {
        this.wanted = plan;
        this.runs = runs;
        this.settings = settings;
        this.onEnd = onEnd;
        this.thread =
                Thread.ofVirtual().name(settings.name() + "-supervisor " + key).unstarted(() -> supervise(key));
    }

    static <K, P, S> Supervisor<K, P, S> start(
            K key,
            P plan,
            Function<P, LoopRun<K, P, S>> runs,
            LoopSettings<K> settings,
            Consumer<Supervisor<K, P, S>> onEnd) {
        Supervisor<K, P, S> supervisor = new Supervisor<>(key, plan, runs, settings, onEnd);
        supervisor.thread.start();
        return supervisor;
    }

    /** Takes a plan; false where this supervisor has ended already and another one is needed. */
    boolean apply(P plan) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            wanted = plan;
            wantChanged.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end(StopReason reason) {
        lock.lock();
        try {
            if (wanted != null) {
                wanted = null;
                endReason = reason;
                wantChanged.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean awaitEnd(Duration deadline) throws InterruptedException {
        return thread.join(deadline);
    }

    void wake() {
        present().ifPresent(LoopRun::wake);
    }

    Optional<S> snapshot() {
        return present().flatMap(LoopRun::snapshot);
    }

    boolean stuckSince(Instant before) {
        return present().filter(r -> r.stuckSince(before)).isPresent();
    }

    /** The run of the wanted plan; empty while another one is ending. */
    private Optional<LoopRun<K, P, S>> present() {
        lock.lock();
        try {
            return Optional.ofNullable(run).filter(r -> r.plan().equals(wanted));
        } finally {
            lock.unlock();
        }
    }

    private void supervise(K key) {
        settings.logContext().apply(key).forEach(MDC::put);
        while (true) {
            LoopRun<K, P, S> next = startWanted();
            if (next == null) {
                onEnd.accept(this);
                return;
            }
            StopReason reason = awaitOtherWant(next.plan());
            if (!next.stop(reason)) {
                LOG.warn("the loop did not stop within {}; it is left behind", settings.join());
            }
        }
    }

    private @Nullable LoopRun<K, P, S> startWanted() {
        lock.lock();
        try {
            P plan = wanted;
            ended = plan == null;
            run = plan == null ? null : runs.apply(plan);
            if (run != null) {
                run.start();
            }
            return run;
        } finally {
            lock.unlock();
        }
    }

    private StopReason awaitOtherWant(P running) {
        lock.lock();
        try {
            while (running.equals(wanted)) {
                wantChanged.awaitUninterruptibly();
            }
            return wanted == null ? endReason : StopReason.REPLACED;
        } finally {
            lock.unlock();
        }
    }
}
