package io.sequin.source.stripe;

/** Something that Stripe lists by when it was made. */
interface Dated {
    String id();

    /** Seconds since 1970. */
    long created();
}
