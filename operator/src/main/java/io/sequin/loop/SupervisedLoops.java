package io.sequin.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Loops on virtual threads: one for a key whose body is at work, one more while its plan changes, none while it rests.
 * Bodies run only while the permit is granted. A loop that does not stop in time is left behind; what it does then must
 * be harmless by other means (the fence in the database).
 */
public final class SupervisedLoops<K, P, S> implements Loops<K, P, S> {
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    private final Map<K, Supervisor<K, P, S>> supervisors = new ConcurrentHashMap<>();
    private final LoopFactory<K, P, S> factory;
    private final RunPermit permit;
    private final LoopSettings<K> settings;
    private final CountedListener<K> listener;
    /** Begins what is due; never works itself. */
    private final ScheduledThreadPoolExecutor ticker;

    private final Future<?> permitLooks;
    private volatile boolean draining;

    public SupervisedLoops(
            LoopFactory<K, P, S> factory, RunPermit permit, LoopListener<K> listener, LoopSettings<K> settings) {
        this.factory = factory;
        this.permit = permit;
        this.settings = settings;
        this.listener = new CountedListener<>(listener);
        this.ticker = new ScheduledThreadPoolExecutor(
                1, Thread.ofVirtual().name(settings.name() + "-ticker").factory());
        ticker.setRemoveOnCancelPolicy(true);
        long check = settings.permitCheck().toNanos();
        permitLooks = ticker.scheduleWithFixedDelay(this::tellPermit, check, check, TimeUnit.NANOSECONDS);
    }

    @Override
    public void apply(K key, P plan) {
        supervisors.compute(key, (k, present) -> {
            if (draining || (present != null && present.apply(plan))) {
                return present;
            }
            return Supervisor.start(key, plan, runs(key), settings, ended -> supervisors.remove(key, ended));
        });
    }

    private Function<P, LoopRun<K, P, S>> runs(K key) {
        return plan -> new LoopRun<>(key, plan, factory, permit, listener, settings, ticker);
    }

    private void tellPermit() {
        boolean granted = permit.granted();
        supervisors.values().forEach(supervisor -> supervisor.permitIs(granted));
    }

    @Override
    public void remove(K key, StopReason reason) {
        Supervisor<K, P, S> present = supervisors.get(key);
        if (present != null) {
            present.end(reason);
        }
    }

    @Override
    public void wake(K key) {
        Supervisor<K, P, S> present = supervisors.get(key);
        if (present != null) {
            present.wake();
        }
    }

    @Override
    public Optional<S> snapshot(K key) {
        return Optional.ofNullable(supervisors.get(key)).flatMap(Supervisor::snapshot);
    }

    @Override
    public Set<K> keys() {
        return Set.copyOf(supervisors.keySet());
    }

    /** The keys whose loop has been inside one turn without a heartbeat for longer than this. */
    public Set<K> stuck(Duration longerThan) {
        Instant before = settings.clock().instant().minus(longerThan);
        return supervisors.entrySet().stream()
                .filter(e -> e.getValue().stuckSince(before))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How often a body has crashed since the start, over all keys; for a metric. */
    public long crashes() {
        return listener.crashes();
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        draining = true;
        long end = System.nanoTime() + deadline.toNanos();
        var stopping = Set.copyOf(supervisors.values());
        stopping.forEach(s -> s.end(StopReason.SHUTDOWN));
        boolean all = true;
        for (Supervisor<K, P, S> supervisor : stopping) {
            all &= supervisor.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        permitLooks.cancel(false);
        ticker.shutdown();
        return all;
    }

    @Override
    public void close() {
        try {
            drain(CLOSE_DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
