package io.sequin;

import io.sequin.source.RequestListener;
import io.sequin.source.budget.RateBudgets;
import java.time.Clock;
import java.util.Map;
import java.util.Random;

/** The real budgets, so wide that tests of other things don't wait for them. */
public final class WideBudgets {
    private static final int PER_SECOND = 4_000;

    private WideBudgets() {}

    /** For stand-ins of every kind. */
    public static RateBudgets create() {
        return create(Map.of("stripe", PER_SECOND, "ledger", PER_SECOND));
    }

    /** With a rate by kind of source; a kind without one has what its source documents. */
    public static RateBudgets create(Map<String, Integer> rates) {
        return new RateBudgets(rates, Clock.systemUTC(), System::nanoTime, new Random(), RequestListener.NONE);
    }
}
