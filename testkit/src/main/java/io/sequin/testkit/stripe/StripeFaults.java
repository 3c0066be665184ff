package io.sequin.testkit.stripe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The faults and limits in force. Safe for threads; a change counts from the next request on. */
public final class StripeFaults {
    private final List<Active> rules = new CopyOnWriteArrayList<>();
    private final List<RateGate> gates = new CopyOnWriteArrayList<>();
    private volatile ConcurrencyGate concurrency = new ConcurrencyGate(Integer.MAX_VALUE);

    StripeFaults() {}

    /** A rule in force, until it is closed. */
    public final class Active implements AutoCloseable {
        private final FaultRule rule;
        private final AtomicInteger seen = new AtomicInteger();
        private final AtomicInteger fired = new AtomicInteger();
        private final CountDownLatch closed = new CountDownLatch(1);

        private Active(FaultRule rule) {
            this.rule = rule;
        }

        /** How often the fault happened. */
        public int fired() {
            return fired.get();
        }

        /** Takes the rule away, lets its hanging requests end and sends the answers that it has held back. */
        @Override
        public void close() {
            rules.remove(this);
            closed.countDown();
        }

        void awaitClosed() throws InterruptedException {
            closed.await();
        }

        Fault fault() {
            return rule.fault();
        }

        private boolean fires(String path) {
            if (!rule.path().test(path) || seen.incrementAndGet() % rule.every() != 0) {
                return false;
            }
            return fired.getAndUpdate(n -> Math.min(n + 1, rule.times())) < rule.times();
        }
    }

    /** Brings a rule into force. Of several that fit a request all delays happen, and the earliest of the others. */
    public Active add(FaultRule rule) {
        Active active = new Active(rule);
        rules.add(active);
        return active;
    }

    /**
     * Allows an account so many requests in any interval of that length; the rest gets 429.
     *
     * @param pathPrefix what is counted together; {@code /v1/} for all
     * @param retryAfter whether 429 carries Retry-After
     */
    public void limit(String pathPrefix, int requests, Duration interval, boolean retryAfter) {
        gates.add(new RateGate(pathPrefix, requests, interval, retryAfter));
    }

    /** As {@link #limit}, for each endpoint by itself: a list and the retrieval of its objects are one. */
    public void limitEachEndpoint(int requests, Duration interval, boolean retryAfter) {
        gates.add(new RateGate(null, requests, interval, retryAfter));
    }

    /** Allows an account so many requests at a time; the rest gets 429 with the reason {@code global-concurrency}. */
    public void limitConcurrency(int requests) {
        concurrency = new ConcurrencyGate(requests);
    }

    /** Takes all rules and limits away. */
    public void clear() {
        rules.forEach(Active::close);
        gates.clear();
        concurrency = new ConcurrencyGate(Integer.MAX_VALUE);
    }

    /** What happens to the next request of this path: any number of delays, then at most one other fault. */
    List<Active> next(String path) {
        List<Active> happening = new ArrayList<>();
        Optional<Active> other = Optional.empty();
        for (Active rule : rules) {
            if (rule.fault() instanceof Fault.Delay) {
                if (rule.fires(path)) {
                    happening.add(rule);
                }
            } else if (other.isEmpty() && rule.fires(path)) {
                other = Optional.of(rule);
            }
        }
        other.ifPresent(happening::add);
        return happening;
    }

    void checkLimits(String account, String path, String endpoint) {
        gates.forEach(gate -> gate.check(account, path, endpoint));
    }

    ConcurrencyGate concurrency() {
        return concurrency;
    }
}
