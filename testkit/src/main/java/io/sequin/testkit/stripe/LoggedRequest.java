package io.sequin.testkit.stripe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One request, without its credentials.
 *
 * @param query as sent, percent-encoded; empty: none
 * @param stripeVersion the header Stripe-Version; empty: not sent
 * @param account the account that was read: the key's, or that of the header Stripe-Account; empty: it was refused
 * @param status of HTTP; 0: the request hung and the connection ended without an answer
 * @param took until the answer was ready to be sent
 */
public record LoggedRequest(
        String method,
        String path,
        String query,
        Optional<String> stripeVersion,
        Optional<String> account,
        int status,
        Instant at,
        Duration took) {}
