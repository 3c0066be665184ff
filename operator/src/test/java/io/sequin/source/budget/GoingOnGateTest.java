package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sequin.ManualClock;
import io.sequin.data.AccountId;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import io.sequin.source.RequestGate;
import io.sequin.source.RequestListener;
import io.sequin.source.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A request without which what was answered before is lost. */
class GoingOnGateTest {
    private static final RateCeiling THREE = new RateCeiling(
            OptionalInt.of(3), Optional.of(Duration.ofMinutes(2)), OptionalInt.empty(), OptionalInt.empty());

    private final ManualClock clock = new ManualClock();
    private final Instant start = clock.instant();
    private final RateBudgets budgets = new RateBudgets(
            Map.of(),
            clock,
            () -> Duration.between(start, clock.instant()).toNanos(),
            new Random(1),
            RequestListener.NONE);

    private RequestGate gate(RateCeiling ceiling) {
        RequestGate gate = budgets.open("stripe", new ResourceKey("team", "a", "1"), ceiling);
        gate.belongsTo(new AccountId("acct_1"), new RateLimits(1_000, 1_000, Map.of(), 10));
        return gate;
    }

    @Test
    void waitsForTheNextIntervalOfItsCeiling() throws Exception {
        RequestGate gate = gate(THREE);
        gate.enter(Purpose.FETCH, "invoices").close();
        gate.enter(Purpose.FETCH, "invoices").close();
        RequestGate.Pass held = gate.enter(Purpose.FETCH, "invoices");
        assertThatThrownBy(() -> gate.enter(Purpose.FETCH, "invoices"))
                .hasMessageEndingWith("this Sync has used up what its spec.rateLimit allows");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> next = threads.submit(() -> gate.enter(Purpose.FETCH, "invoices", RequestGate.Step.GOES_ON)
                    .close());
            await().until(() -> budgets.use().getFirst().waiting() == 1);
            clock.advance(Duration.ofMinutes(2));
            held.close();
            next.get();
        }
    }

    @Test
    void waitsNoLongerForTheSourceThanOneThatBegins() {
        RequestGate gate = gate(RateCeiling.NONE);
        Instant until = clock.instant().plusSeconds(60);
        try (RequestGate.Pass pass = gate.enter(Purpose.FETCH, "invoices")) {
            pass.answered(
                    429, Optional.of(new Throttle(Throttle.Scope.ACCOUNT, Throttle.Limit.RATE, Optional.of(until))));
        }
        assertThatThrownBy(() -> gate.enter(Purpose.FETCH, "invoices", RequestGate.Step.GOES_ON))
                .hasMessageContaining("slow down");
    }
}
