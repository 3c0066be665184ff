package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Threads that wait for a place of which there is one. */
class SharedBudgetTest {
    private static final Member MEMBER = new Member(new ResourceKey("team", "a", "1"), RateCeiling.NONE);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong();
    private final SharedBudget shared = new SharedBudget(new Budget(new RateLimits(25, 25, Map.of(), 1), 1), now::get);

    private static Ticket ticket() {
        return new Ticket(MEMBER, Purpose.TAIL, "events");
    }

    @Test
    void whoIsLetThroughOnItsWayOutGivesThePlaceBack() throws Exception {
        Ticket first = ticket();
        shared.enter(first, LONG, LONG);
        now.set(TimeUnit.SECONDS.toNanos(10));
        Ticket second = ticket();
        FutureTask<SharedBudget.Entry> entering = new FutureTask<>(() -> shared.enter(second, LONG, LONG));
        Thread waiter = Thread.ofPlatform().start(entering);
        await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING && shared.ask(Budget::waiting) == 1);

        // it wakes by the interrupt and finds the budget in use by the one who then lets it through
        shared.change(budget -> {
            waiter.interrupt();
            await().until(() -> !waiter.isInterrupted() && waiter.getState() == Thread.State.WAITING);
            shared.end(first);
            assertThat(second.isSent()).isTrue();
        });

        assertThat(entering)
                .failsWithin(LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(InterruptedException.class);
        assertThat(shared.<Integer>ask(budget -> budget.account().underWay())).isZero();
        now.set(TimeUnit.SECONDS.toNanos(20));
        assertThat(shared.enter(ticket(), LONG, LONG).later()).isZero();
    }
}
