package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tail that was parked for the Sync's ceiling, beside a first pass that waits for it all the while. */
class ParkedTailTest {
    private static final RateCeiling FOUR = new RateCeiling(
            OptionalInt.of(4), Optional.of(Duration.ofSeconds(20)), OptionalInt.empty(), OptionalInt.empty());
    private static final Member MEMBER = new Member(new ResourceKey("team", "a", "uid"), FOUR);

    private final Budget budget = new Budget(new RateLimits(1_000, 1_000, Map.of(), 10), 1);

    private static long seconds(int time) {
        return TimeUnit.SECONDS.toNanos(time);
    }

    private Ticket ask(Purpose purpose) {
        Ticket ticket = new Ticket(MEMBER, purpose, "invoices");
        budget.ask(ticket);
        return ticket;
    }

    @BeforeEach
    void useUpAnInterval() {
        budget.join(MEMBER);
        for (int i = 0; i < 10; i++) {
            ask(Purpose.BACKFILL);
        }
        List<Ticket> first = budget.grant(0);
        assertThat(first).hasSize(4);
        first.forEach(ticket -> budget.end(ticket, 0));
        Ticket tail = ask(Purpose.TAIL);
        budget.giveUp(tail);
        budget.parked(tail, budget.freeAt(tail, 0));
        assertThat(budget.grant(seconds(21)))
                .as("the next interval has begun, and the tail is not back")
                .isEmpty();
    }

    @Test
    void goesFirstInTheNextInterval() {
        Ticket tail = ask(Purpose.TAIL);
        assertThat(budget.grant(seconds(21))).hasSize(4).first().isSameAs(tail);
    }

    @Test
    void holdsTheFirstPassUpForSomeSecondsOnlyWhereItDoesNotComeBack() {
        assertThat(budget.grant(seconds(20) + RateBudgets.LONGEST_WAIT.toNanos()))
                .hasSize(4);
    }
}
