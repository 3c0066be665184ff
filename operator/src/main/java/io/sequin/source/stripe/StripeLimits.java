package io.sequin.source.stripe;

import io.sequin.data.AccountId;
import io.sequin.source.RateLimits;
import io.sequin.source.Throttle;
import io.sequin.source.http.Answer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What Stripe allows (docs.stripe.com/rate-limits), and how it says that it was too much. */
final class StripeLimits {
    /** Ends the id of an account's test data, which has limits of its own. */
    static final String TEST = "/test";

    private static final String VERSION = "/v1/";

    /** Stripe limits requests at once too and names no number: this one is ours. */
    private static final int CONCURRENT = 20;

    private static final int PER_ENDPOINT = 25;
    private static final Map<String, Integer> FILES = Map.of("files 1", 20, "files 2", 20);
    private static final RateLimits LIVE = new RateLimits(100, PER_ENDPOINT, FILES, CONCURRENT);
    private static final RateLimits SANDBOX = new RateLimits(25, PER_ENDPOINT, FILES, CONCURRENT);

    private StripeLimits() {}

    static RateLimits of(AccountId account) {
        return account.value().endsWith(TEST) ? SANDBOX : LIVE;
    }

    /**
     * Stripe limits each operation by itself: the list of customers, one customer, the lines of one invoice. An id can
     * look like anything, so operations are told apart by the first part of the path and by how many parts it has.
     */
    static String group(String path) {
        String[] parts = path.substring(VERSION.length()).split("/", -1);
        return parts[0] + " " + parts.length;
    }

    /** What a 429 asks for. Without a reason it may be any limit: the whole account slows down. */
    static Optional<Throttle> throttle(Answer answer, Instant now) {
        if (answer.status() != 429) {
            return Optional.empty();
        }
        String reason = answer.header("Stripe-Rate-Limited-Reason").orElse("");
        boolean global = reason.isEmpty() || reason.startsWith("global");
        return Optional.of(new Throttle(
                global ? Throttle.Scope.ACCOUNT : Throttle.Scope.GROUP,
                reason.endsWith("concurrency") ? Throttle.Limit.CONCURRENCY : Throttle.Limit.RATE,
                answer.retryAt(now)));
    }
}
