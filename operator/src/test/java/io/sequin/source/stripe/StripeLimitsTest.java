package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.AccountId;
import io.sequin.source.Throttle;
import io.sequin.source.http.Answer;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Numbers of docs.stripe.com/rate-limits. */
class StripeLimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static Optional<Throttle> throttle(int status, Map<String, List<String>> headers) {
        return StripeLimits.throttle(new Answer(status, HttpHeaders.of(headers, (n, v) -> true), new byte[0]), NOW);
    }

    @Test
    void liveDataHasFourTimesTheLimitOfTestData() {
        assertThat(StripeLimits.of(new AccountId("acct_1")).perSecond()).isEqualTo(100);
        assertThat(StripeLimits.of(new AccountId("acct_1/test")).perSecond()).isEqualTo(25);
        assertThat(StripeLimits.of(new AccountId("acct_1")).of(StripeLimits.group("/v1/charges")))
                .isEqualTo(25);
        assertThat(StripeLimits.of(new AccountId("acct_1")).of(StripeLimits.group("/v1/files")))
                .isEqualTo(20);
    }

    @Test
    void everyOperationHasALimitOfItsOwnAndNoIdNamesOne() {
        assertThat(StripeLimits.group("/v1/coupons/SUMMER")).isEqualTo(StripeLimits.group("/v1/coupons/WINTER"));
        assertThat(StripeLimits.group("/v1/coupons")).isNotEqualTo(StripeLimits.group("/v1/coupons/SUMMER"));
        assertThat(StripeLimits.group("/v1/invoices/in_1/lines"))
                .isEqualTo(StripeLimits.group("/v1/invoices/in_2/lines"))
                .isNotEqualTo(StripeLimits.group("/v1/invoices/in_1"));
    }

    @Test
    void theReasonSaysWhichLimitWasMet() {
        assertThat(throttle(200, Map.of())).isEmpty();
        assertThat(throttle(429, Map.of("Stripe-Rate-Limited-Reason", List.of("global-rate"))))
                .contains(new Throttle(Throttle.Scope.ACCOUNT, Throttle.Limit.RATE, Optional.empty()));
        assertThat(throttle(429, Map.of("Stripe-Rate-Limited-Reason", List.of("endpoint-concurrency"))))
                .contains(new Throttle(Throttle.Scope.GROUP, Throttle.Limit.CONCURRENCY, Optional.empty()));
        assertThat(throttle(
                        429,
                        Map.of("Stripe-Rate-Limited-Reason", List.of("endpoint-rate"), "Retry-After", List.of("7"))))
                .contains(new Throttle(Throttle.Scope.GROUP, Throttle.Limit.RATE, Optional.of(NOW.plusSeconds(7))));
    }

    @Test
    void withoutAReasonTheWholeAccountSlowsDown() {
        assertThat(throttle(429, Map.of()))
                .contains(new Throttle(Throttle.Scope.ACCOUNT, Throttle.Limit.RATE, Optional.empty()));
    }
}
