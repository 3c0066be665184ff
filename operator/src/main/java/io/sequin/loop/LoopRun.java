package io.sequin.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A key's loop under one plan, on a thread of its own: bodies one after the other until it is stopped. */
final class LoopRun<K, P, S> {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoops.class);

    private final K key;
    private final P plan;
    private final LoopFactory<K, P, S> factory;
    private final RunPermit permit;
    private final LoopListener<K> listener;
    private final LoopSettings<K> settings;
    private final LoopSignal signal;
    private final Thread thread;

    private volatile Instant beat;
    private volatile boolean inTurn;
    private volatile @Nullable S snapshot;
    private int crashesInARow;
    private boolean works;

    LoopRun(
            K key,
            P plan,
            LoopFactory<K, P, S> factory,
            RunPermit permit,
            LoopListener<K> listener,
            LoopSettings<K> settings) {
        this.key = key;
        this.plan = plan;
        this.factory = factory;
        this.permit = permit;
        this.listener = listener;
        this.settings = settings;
        this.beat = settings.clock().instant();
        this.thread = Thread.ofVirtual().name(settings.name() + " " + key).unstarted(this::live);
        this.signal = new LoopSignal(thread);
    }

    P plan() {
        return plan;
    }

    void start() {
        thread.start();
    }

    void wake() {
        signal.wake();
    }

    /** Tells it to stop and waits for it; false where it did not end in time. */
    boolean stop(StopReason reason) {
        signal.stop(reason);
        try {
            if (thread.join(settings.join())) {
                return true;
            }
        } catch (InterruptedException e) {
            // only a stop of the process interrupts a supervisor: do not wait any longer
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        return false;
    }

    Optional<S> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    boolean stuckSince(Instant before) {
        return inTurn && beat.isBefore(before);
    }

    private void live() {
        settings.logContext().apply(key).forEach(MDC::put);
        while (!signal.stopped()) {
            if (permit.granted()) {
                Throwable error = oneBody();
                if (error != null && !signal.stopped()) {
                    works = false;
                    listener.crashed(key, error, ++crashesInARow);
                    signal.await(settings.crashes().delay(crashesInARow, settings.random()));
                }
            } else {
                signal.await(settings.permitCheck());
            }
        }
    }

    /** Runs a body until the loop is stopped, the permit is lost or the body throws; returns what it threw. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // a stop ends the loop; without one it is a crash like others
    private @Nullable Throwable oneBody() {
        LoopBody body = null;
        Throwable error = null;
        try {
            body = factory.create(key, plan, permit, this::publish);
            signal.interruptible();
            turns(body);
        } catch (Throwable e) {
            error = e;
        }
        inTurn = false;
        signal.uninterruptible();
        if (body != null) {
            StopReason otherwise = error == null ? StopReason.SHUTDOWN : StopReason.REPLACED;
            close(body, signal.reason().orElse(otherwise));
        }
        return error;
    }

    private void turns(LoopBody body) throws InterruptedException {
        boolean woken = false;
        while (!signal.stopped() && permit.granted()) {
            beat = settings.clock().instant();
            inTurn = true;
            if (woken) {
                body.woken();
            }
            Turn turn = body.turn();
            inTurn = false;
            beat = settings.clock().instant();
            goodTurn();
            woken = pause(turn.next());
        }
    }

    private void goodTurn() {
        crashesInARow = 0;
        if (!works) {
            works = true;
            listener.worked(key);
        }
    }

    /** Waits in pieces, so that a lost permit is noticed in time; true when woken. */
    private boolean pause(Duration next) {
        long end = System.nanoTime() + next.toNanos();
        while (!signal.stopped() && permit.granted()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return signal.await(Duration.ZERO);
            }
            if (signal.await(
                    Duration.ofNanos(Math.min(left, settings.permitCheck().toNanos())))) {
                return true;
            }
        }
        return false;
    }

    private void close(LoopBody body, StopReason reason) {
        try {
            body.close(reason);
        } catch (RuntimeException | Error e) {
            LOG.error("the loop failed to close", e);
        }
    }

    private void publish(S next) {
        synchronized (this) {
            beat = settings.clock().instant();
            if (signal.stopped() || next.equals(snapshot)) {
                return;
            }
            snapshot = next;
        }
        listener.changed(key);
    }
}
