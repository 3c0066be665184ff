package io.sequin.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A key's loop under one plan: bodies one after the other until it is stopped. */
final class LoopRun<K, P, S> {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoops.class);
    /** Without the permit: {@link #permitIs} ends the rest. */
    private static final Duration UNTIL_TOLD = Duration.ofDays(365);

    private final K key;
    private final P plan;
    private final LoopFactory<K, P, S> factory;
    private final RunPermit permit;
    private final LoopListener<K> listener;
    private final LoopSettings<K> settings;
    private final LoopThread thread;

    private volatile Instant beat;
    private volatile boolean inTurn;
    private volatile boolean permitted;
    private volatile @Nullable S snapshot;
    private @Nullable LoopBody body;
    private int crashesInARow;
    private boolean works;

    LoopRun(
            K key,
            P plan,
            LoopFactory<K, P, S> factory,
            RunPermit permit,
            LoopListener<K> listener,
            LoopSettings<K> settings,
            ScheduledExecutorService ticker) {
        this.key = key;
        this.plan = plan;
        this.factory = factory;
        this.permit = permit;
        this.listener = listener;
        this.settings = settings;
        this.beat = settings.clock().instant();
        this.thread = new LoopThread(
                ticker,
                work -> Thread.ofVirtual().name(settings.name() + " " + key).unstarted(work),
                this::step);
    }

    P plan() {
        return plan;
    }

    void start() {
        thread.begin();
    }

    void wake() {
        thread.wake();
    }

    /** Told now and then, so that a resting loop hears of a permit that is lost, or granted again. */
    void permitIs(boolean granted) {
        if (granted != permitted) {
            thread.begin();
        }
    }

    /** Tells it to stop and waits for it; false where it did not end in time. */
    boolean stop(StopReason reason) {
        thread.stop(reason);
        try {
            if (thread.awaitEnd(settings.join())) {
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

    /** A turn, where the loop may have one; how long to rest after it, or empty where the loop has ended. */
    private Optional<Duration> step() {
        settings.logContext().apply(key).forEach(MDC::put);
        boolean woken = thread.wasWoken();
        Duration rest = Duration.ZERO;
        if (!thread.stopped()) {
            permitted = permit.granted();
            rest = permitted ? turn(woken) : withoutPermit();
        }
        Optional<StopReason> stop = thread.reason();
        stop.ifPresent(this::close);
        return stop.isPresent() ? Optional.empty() : Optional.of(rest);
    }

    private Duration withoutPermit() {
        close(StopReason.SHUTDOWN);
        return UNTIL_TOLD;
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // a stop ends the loop; without one it is a crash like others
    private Duration turn(boolean woken) {
        Throwable error;
        try {
            thread.interruptible();
            return oneTurn(woken);
        } catch (Throwable e) {
            error = e;
        } finally {
            inTurn = false;
            thread.uninterruptible();
        }
        return thread.stopped() ? Duration.ZERO : crashed(error);
    }

    private Duration oneTurn(boolean woken) throws InterruptedException {
        LoopBody present = body;
        LoopBody at = present == null ? made() : present;
        body = at;
        beat = settings.clock().instant();
        inTurn = true;
        if (woken && present != null) {
            at.woken();
        }
        Turn turn = at.turn();
        inTurn = false;
        beat = settings.clock().instant();
        goodTurn();
        return turn.next();
    }

    private LoopBody made() {
        LoopBody made = factory.create(key, plan, permit, this::publish);
        made.listen(thread::wasWoken);
        return made;
    }

    private void goodTurn() {
        crashesInARow = 0;
        if (!works) {
            works = true;
            listener.worked(key);
        }
    }

    private Duration crashed(Throwable error) {
        close(StopReason.REPLACED);
        works = false;
        listener.crashed(key, error, ++crashesInARow);
        return settings.crashes().delay(crashesInARow, settings.random());
    }

    private void close(StopReason reason) {
        LoopBody open = body;
        body = null;
        if (open != null) {
            try {
                open.close(reason);
            } catch (RuntimeException | Error e) {
                LOG.error("the loop failed to close", e);
            }
        }
    }

    private void publish(S next) {
        synchronized (this) {
            beat = settings.clock().instant();
            if (thread.stopped() || next.equals(snapshot)) {
                return;
            }
            snapshot = next;
        }
        listener.changed(key);
    }
}
