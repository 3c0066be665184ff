package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitIT {
    private static final int CHANGED = 300;

    @Test
    void aTailUnderATightRateLimitArrivesAndFetchesNothingTwice() throws Exception {
        try (StripeSync sync = new StripeSync(18)) {
            StripeData data = sync.stripe.data();
            data.seed(31, 10, 5, 5);
            sync.start();
            sync.awaitLive();
            sync.stripe.faults().limit("/v1/", 20, Duration.ofSeconds(1), true);
            sync.stripe.requests().clear();
            for (int i = 0; i < CHANGED; i++) {
                data.create(StripeObjectType.CUSTOMER);
            }
            sync.awaitTruth();
            long fetches =
                    sync.stripe.requests().count(r -> r.path().startsWith("/v1/customers/") && r.status() == 200);
            assertThat(fetches).isLessThan(CHANGED * 2);
            assertThat(sync.stripe.requests().total()).isLessThan(CHANGED * 4L);
            assertThat(sync.crashes).isEmpty();
        }
    }
}
