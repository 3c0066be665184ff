package io.sequin.testkit.stripe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The parts of Stripe that an account is set up for, by their first path segments: all of them at the start. Safe for threads. */
public final class StripeProducts {
    /** What an account can lack. */
    static final Set<String> OPTIONAL = Set.of("issuing", "treasury", "climate");

    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    StripeProducts() {}

    /**
     * From now on the lists of this part, for example {@code issuing}, are refused with 400.
     *
     * @throws IllegalArgumentException where every account has it
     */
    public void remove(String product) {
        if (!OPTIONAL.contains(product)) {
            throw new IllegalArgumentException(product + " is none of " + OPTIONAL);
        }
        missing.add(product);
    }

    /** From now on the account is set up for it. */
    public void add(String product) {
        missing.remove(product);
    }

    boolean has(String product) {
        return !missing.contains(product);
    }
}
