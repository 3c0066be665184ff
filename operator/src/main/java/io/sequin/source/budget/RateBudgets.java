package io.sequin.source.budget;

import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.BudgetUse;
import io.sequin.source.RateLimits;
import io.sequin.source.RequestGate;
import io.sequin.source.RequestGates;
import io.sequin.source.RequestListener;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.Throttle;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The budgets of all accounts that this process uses, by kind of source and account; one that nobody uses any more is
 * dropped. An account's test data counts as an account of its own where the source limits it by itself.
 */
public final class RateBudgets implements RequestGates {
    /** The part of what a source allows that we use: the rest is for the user's own programs. */
    static final double SHARE = 0.8;

    /** A longer wait holds no thread: the lane is parked. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** What goes on waits for a ceiling of an interval of up to this. */
    static final Duration GOING_ON = Duration.ofMinutes(2);

    /** The same, and once more for what keeps live data current and was parked meanwhile. */
    static final Duration LONGEST_TO_GO_ON = GOING_ON.plus(LONGEST_WAIT);

    /** So many requests a Sync may be allowed at least in an interval for which nobody waits: to be opened takes two. */
    static final int LEAST = 3;

    /** For all sessions of a kind together that don't know their account yet: far below any source's limit. */
    private static final RateLimits OPENING = new RateLimits(12, 12, Map.of(), 5);

    /** Where the source does not say for how long. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final double JITTER = 0.25;
    private static final Duration MOST_JITTER = Duration.ofSeconds(2);

    private final Map<Key, SharedBudget> budgets = new HashMap<>();
    private final Map<String, Integer> rates;
    private final Clock clock;
    private final LongSupplier monotonic;
    private final long origin;
    private final RandomGenerator random;
    private final RequestListener listener;

    /**
     * Whose budget.
     *
     * @param account empty: of those who don't know it yet
     */
    record Key(String kind, Optional<AccountId> account) {}

    /**
     * @param rates by kind of source: requests a second of an account, in place of our share of what the source
     *     documents
     * @param clock for the times that a source names
     * @param monotonic nanoseconds, for all waits: {@link System#nanoTime()}
     * @param random for jitter; used by many threads
     */
    public RateBudgets(
            Map<String, Integer> rates,
            Clock clock,
            LongSupplier monotonic,
            RandomGenerator random,
            RequestListener listener) {
        this.rates = Map.copyOf(rates);
        this.clock = clock;
        this.monotonic = monotonic;
        this.origin = monotonic.getAsLong();
        this.random = random;
        this.listener = listener;
    }

    @Override
    public RequestGate open(String kind, ResourceKey sync, RateCeiling ceiling) {
        requireEnough(ceiling);
        return new SessionGate(this, new Key(kind, Optional.empty()), OPENING, new Member(sync, ceiling));
    }

    /** With fewer the beginning of each step would use them up, again and again. */
    private static void requireEnough(RateCeiling ceiling) {
        int requests = ceiling.requests().orElse(LEAST);
        Duration interval = ceiling.interval().orElse(Duration.ZERO);
        if (requests < LEAST && interval.compareTo(LONGEST_WAIT) > 0) {
            throw new SourceException(Problem.of(
                    SourceProblem.INVALID_CONFIGURATION,
                    "spec.rateLimit lets too few requests through for a Sync to get on: set spec.rateLimit.requests to "
                            + LEAST + " or more, or spec.rateLimit.interval to " + LONGEST_WAIT.toSeconds()
                            + "s or less"));
        }
    }

    /** What is in use, an entry for each account. */
    public List<BudgetUse> use() {
        List<BudgetUse> all = new ArrayList<>();
        synchronized (budgets) {
            dropIdle();
            budgets.forEach((key, budget) ->
                    key.account().ifPresent(account -> all.add(budget.ask(b -> use(key.kind(), account, b)))));
        }
        return all;
    }

    private BudgetUse use(String kind, AccountId account, Budget budget) {
        long now = nanos();
        Bucket bucket = budget.account();
        return new BudgetUse(
                kind,
                account,
                bucket.rate(now),
                bucket.inSecond(now),
                bucket.concurrent(now),
                bucket.underWay(),
                budget.waiting());
    }

    SharedBudget join(Key key, RateLimits limits, Member member) {
        synchronized (budgets) {
            dropIdle();
            SharedBudget budget =
                    budgets.computeIfAbsent(key, k -> new SharedBudget(budget(k.kind(), limits), this::nanos));
            budget.change(b -> b.join(member));
            return budget;
        }
    }

    private Budget budget(String kind, RateLimits limits) {
        Integer rate = rates.get(kind);
        return rate == null ? new Budget(limits, SHARE) : new Budget(limits.withPerSecond(rate), 1);
    }

    void leave(Key key, Member member) {
        synchronized (budgets) {
            SharedBudget budget = budgets.get(key);
            if (budget != null) {
                budget.change(b -> b.leave(member, nanos()));
            }
            dropIdle();
        }
    }

    private void dropIdle() {
        budgets.values().removeIf(budget -> budget.ask(b -> b.isIdle(nanos())));
    }

    /** How many there are; for tests. */
    int size() {
        synchronized (budgets) {
            return budgets.size();
        }
    }

    /** How long nothing is sent: as the source says, or a little; always a bit longer, so that not all come at once. */
    Duration pause(Throttle throttle) {
        Duration told = throttle.until()
                .map(until -> Duration.between(clock.instant(), until))
                .filter(Duration::isPositive)
                .orElse(PAUSE);
        long most = Math.min((long) (told.toNanos() * JITTER), MOST_JITTER.toNanos());
        return told.plusNanos((long) (most * random.nextDouble()));
    }

    /** Since the beginning. */
    long nanos() {
        return monotonic.getAsLong() - origin;
    }

    Clock clock() {
        return clock;
    }

    RequestListener listener() {
        return listener;
    }
}
