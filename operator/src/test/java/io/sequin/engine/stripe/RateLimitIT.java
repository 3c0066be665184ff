package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.WideBudgets;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.Map;

class RateLimitIT {
    private static final int CHANGED = 100;

    @OnPostgres(18)
    void aTailUnderATightRateLimitArrivesAndFetchesNothingTwice(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            follow(sync, 20);
            long fetches =
                    sync.stripe.requests().count(r -> r.path().startsWith("/v1/customers/") && r.status() == 200);
            assertThat(fetches).isLessThan(CHANGED * 2);
            assertThat(sync.stripe.requests().total()).isLessThan(CHANGED * 4L);
        }
    }

    @OnPostgres(18)
    void withTheDocumentedBudgetStripesLimitIsNeverMet(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major, WideBudgets.create(Map.of()))) {
            follow(sync, 25);
            assertThat(sync.stripe.requests().count(r -> r.status() == 429)).isZero();
        }
    }

    private static void follow(StripeSync sync, int perSecond) throws Exception {
        StripeData data = sync.stripe.data();
        data.seed(31, 10, 5, 5);
        sync.stripe.faults().limit("/v1/", perSecond, Duration.ofSeconds(1), true);
        sync.start();
        sync.awaitLive();
        sync.stripe.requests().clear();
        for (int i = 0; i < CHANGED; i++) {
            data.create(StripeObjectType.CUSTOMER);
        }
        sync.awaitTruth();
        assertThat(sync.crashes).isEmpty();
    }
}
