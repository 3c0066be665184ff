package io.sequin.source.stripe;

import io.sequin.data.TableShape;

/** Stripe's tables, for those who measure other parts with them. */
public final class StripeShapes {
    private StripeShapes() {}

    /** The table of that name. */
    public static TableShape of(String table) {
        return StripeTables.catalog().tables().stream()
                .filter(shape -> shape.name().equals(table))
                .findFirst()
                .orElseThrow();
    }
}
