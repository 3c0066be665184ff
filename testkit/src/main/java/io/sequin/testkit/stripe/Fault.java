package io.sequin.testkit.stripe;

import java.time.Duration;
import java.util.Optional;

/** Something that goes wrong with a request. */
public sealed interface Fault {

    /**
     * 429 with Stripe's body.
     *
     * @param retryAfter header Retry-After, in whole seconds; empty: without the header, as Stripe often answers
     */
    record RateLimited(Optional<Duration> retryAfter) implements Fault {}

    /** 429 {@code lock_timeout}: somebody else works on the object. */
    record Locked() implements Fault {}

    /** An error of the server, 500 to 599, with Stripe's body. */
    record ServerError(int status) implements Fault {}

    /** 403: the key lacks the permission for what the path reads. */
    record Forbidden() implements Fault {}

    /** The answer is promised in full, and the connection ends in the middle of the body. */
    record DropMidBody() implements Fault {}

    /** 200 with a body that ends in the middle, as a careless proxy makes it: HTTP is satisfied, the JSON is not. */
    record TruncatedBody() implements Fault {}

    /** 200 with a body that is no JSON at all, such as a proxy's page. */
    record NotJson() implements Fault {}

    /** The answer comes late. */
    record Delay(Duration by) implements Fault {}

    /**
     * The answer is made at once, and logged, but sent only when the fault is taken away: then it is older than what has
     * happened meanwhile.
     */
    record HeldBack() implements Fault {}

    /** No answer until the fault is taken away; then the connection ends without one. */
    record Hang() implements Fault {}
}
