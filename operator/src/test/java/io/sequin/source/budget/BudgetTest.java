package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import io.sequin.source.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes when; the time is a number. */
class BudgetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);
    /** Stripe's sandbox. */
    private static final RateLimits LIMITS = new RateLimits(25, 25, Map.of("files", 5), 20);

    private static final Member A = member("a", RateCeiling.NONE);
    private static final Member B = member("b", RateCeiling.NONE);

    private final Budget budget = new Budget(LIMITS, 0.8);
    private final List<Ticket> sent = new ArrayList<>();
    private long now;

    private static Member member(String name, RateCeiling ceiling) {
        return new Member(new ResourceKey("team", name, "uid-" + name), ceiling);
    }

    private static RateCeiling ceiling(int requests, Duration interval) {
        return new RateCeiling(
                OptionalInt.of(requests), Optional.of(interval), OptionalInt.empty(), OptionalInt.empty());
    }

    private List<Ticket> ask(int count, Member member, Purpose purpose, String group) {
        List<Ticket> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Ticket ticket = new Ticket(member, purpose, group);
            budget.ask(ticket);
            asked.add(ticket);
        }
        return asked;
    }

    /** Lets time pass; every request is answered after 10 ms. */
    private List<Ticket> pass(Duration time) {
        List<Ticket> during = new ArrayList<>();
        long end = now + time.toNanos();
        while (now < end) {
            List<Ticket> granted = budget.grant(now);
            during.addAll(granted);
            sent.addAll(granted);
            now += STEP;
            List<Ticket> answered =
                    sent.stream().filter(t -> now - t.sentAt() >= 10 * STEP).toList();
            answered.forEach(t -> budget.end(t, now));
            sent.removeAll(answered);
        }
        return during;
    }

    private static long count(List<Ticket> tickets, Member member) {
        return tickets.stream().filter(t -> t.member().equals(member)).count();
    }

    @Test
    void eightyPercentOfWhatTheSourceAllowsIsUsedEvenlySpread() {
        ask(200, A, Purpose.BACKFILL, "charges");
        assertThat(pass(Duration.ofSeconds(1))).hasSizeBetween(20, 22);
        assertThat(pass(Duration.ofMillis(500))).hasSizeBetween(9, 11);
        assertThat(pass(Duration.ofMillis(500))).hasSizeBetween(9, 11);
    }

    @Test
    void aBusyGroupDoesNotHoldUpTheOthers() {
        ask(100, A, Purpose.BACKFILL, "files");
        ask(10, A, Purpose.BACKFILL, "charges");
        List<Ticket> first = pass(Duration.ofSeconds(1));
        assertThat(first.stream().filter(t -> t.group().equals("files"))).hasSizeBetween(4, 5);
        assertThat(first.stream().filter(t -> t.group().equals("charges"))).hasSize(10);
    }

    @Test
    void syncsOfOneAccountTakeTurnsHoweverManyLanesTheyHave() {
        ask(100, A, Purpose.BACKFILL, "charges");
        ask(10, B, Purpose.BACKFILL, "customers");
        List<Ticket> first = pass(Duration.ofSeconds(1));
        assertThat(count(first, B)).isEqualTo(10);
        assertThat(count(first, A)).isBetween(10L, 12L);
    }

    @Test
    void lanesOfOneSyncTakeTurns() {
        ask(1, A, Purpose.BACKFILL, "charges");
        ask(1, A, Purpose.BACKFILL, "customers");
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            for (Ticket ticket : pass(Duration.ofMillis(10))) {
                order.add(ticket.group());
                ask(1, A, Purpose.BACKFILL, ticket.group());
            }
        }
        assertThat(order).hasSizeGreaterThan(20);
        for (int i = 1; i < order.size(); i++) {
            assertThat(order.get(i)).isNotEqualTo(order.get(i - 1));
        }
    }

    @Test
    void aTailWaitsForOneRequestAtMostWhileABackfillRuns() {
        ask(100, A, Purpose.BACKFILL, "charges");
        pass(Duration.ofSeconds(1));
        Ticket tail = ask(1, B, Purpose.TAIL, "events").getFirst();
        pass(Duration.ofMillis(51));
        assertThat(tail.isSent()).isTrue();
    }

    @Test
    void aFloodOfChangesLeavesEveryFourthRequestToABackfill() {
        ask(200, A, Purpose.FETCH, "charges");
        ask(200, B, Purpose.BACKFILL, "customers");
        List<Ticket> first = pass(Duration.ofSeconds(4));
        assertThat(count(first, B)).isBetween(first.size() / 4 - 1L, first.size() / 4 + 1L);
    }

    @Test
    void slowListsLeaveRoomForATail() {
        List<Ticket> lists = ask(100, A, Purpose.BACKFILL, "charges");
        for (int i = 0; i < 200; i++) {
            budget.grant(now);
            now += 50 * STEP;
        }
        assertThat(lists.stream().filter(Ticket::isSent)).hasSize(12);
        Ticket tail = ask(1, B, Purpose.TAIL, "events").getFirst();
        assertThat(budget.grant(now)).containsExactly(tail);
    }

    @Test
    void requestsThatAreSlowToAnswerCountUntilTheSourceCannotCountThemAnyMore() {
        ask(100, A, Purpose.TAIL, "events");
        List<Ticket> late = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            late.addAll(budget.grant(now));
            now += 50 * STEP;
        }
        // all arrive at the source at this very moment
        late.forEach(t -> budget.end(t, now));
        long answeredAt = now;
        int more = 0;
        while (now < answeredAt + SECOND) {
            List<Ticket> granted = budget.grant(now);
            more += granted.size();
            granted.forEach(t -> budget.end(t, now));
            now += STEP;
        }
        assertThat(late.size() + more).isEqualTo(LIMITS.perSecond());
    }

    @Test
    void theLowerOfCeilingAndBudgetWins() {
        Member slow = member("slow", ceiling(3, Duration.ofSeconds(1)));
        Member fast = member("fast", ceiling(1_000, Duration.ofSeconds(1)));
        budget.join(slow);
        budget.join(fast);
        ask(100, slow, Purpose.BACKFILL, "charges");
        ask(100, fast, Purpose.BACKFILL, "charges");
        List<Ticket> first = pass(Duration.ofSeconds(1));
        assertThat(count(first, slow)).isEqualTo(3);
        assertThat(count(first, fast)).isBetween(17L, 19L);
    }

    @Test
    void aCeilingIsNeverExceededInAnyInterval() {
        Member member = member("a", ceiling(7, Duration.ofSeconds(2)));
        ask(100, member, Purpose.TAIL, "charges");
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            pass(Duration.ofMillis(10)).forEach(t -> starts.add(t.sentAt()));
        }
        for (int i = 7; i < starts.size(); i++) {
            assertThat(starts.get(i) - starts.get(i - 7)).isGreaterThanOrEqualTo(2 * SECOND);
        }
        assertThat(starts).hasSizeGreaterThan(20);
    }

    @Test
    void aShareOfTheQuotaIsOfTheAccountsBudget() {
        Member half = member(
                "half",
                new RateCeiling(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.of(50)));
        ask(100, half, Purpose.BACKFILL, "charges");
        assertThat(pass(Duration.ofSeconds(2))).hasSizeBetween(19, 22);
    }

    @Test
    void aSyncMayLimitItsRequestsAtOnce() {
        Member two = member(
                "two", new RateCeiling(OptionalInt.empty(), Optional.empty(), OptionalInt.of(2), OptionalInt.empty()));
        List<Ticket> tickets = ask(10, two, Purpose.TAIL, "charges");
        for (int i = 0; i < 100; i++) {
            budget.grant(now);
            now += 50 * STEP;
        }
        List<Ticket> under = tickets.stream().filter(Ticket::isSent).toList();
        assertThat(under).hasSize(2);
        budget.end(under.getFirst(), now);
        assertThat(budget.grant(now)).hasSize(1);
    }

    @Test
    void aRequestToSlowDownSlowsAllSyncsOfTheAccountAndPassesGradually() {
        Ticket refused = ask(1, A, Purpose.BACKFILL, "charges").getFirst();
        pass(Duration.ofMillis(5));
        budget.slowDown(refused, throttle(Throttle.Scope.ACCOUNT), now, now + 2 * SECOND);
        ask(2_000, B, Purpose.BACKFILL, "customers");
        assertThat(pass(Duration.ofSeconds(2))).isEmpty();
        assertThat(pass(Duration.ofSeconds(1))).hasSizeBetween(10, 12);
        assertThat(pass(Duration.ofSeconds(5))).hasSizeBetween(55, 72);
        pass(Duration.ofSeconds(15));
        assertThat(pass(Duration.ofSeconds(1))).hasSizeBetween(19, 22);
    }

    @Test
    void aRequestToSlowDownForOneEndpointLeavesTheOthersAlone() {
        Ticket refused = ask(1, A, Purpose.BACKFILL, "charges").getFirst();
        pass(Duration.ofMillis(5));
        budget.slowDown(refused, throttle(Throttle.Scope.GROUP), now, now + 2 * SECOND);
        ask(100, A, Purpose.BACKFILL, "charges");
        ask(10, B, Purpose.BACKFILL, "customers");
        List<Ticket> first = pass(Duration.ofSeconds(2));
        assertThat(first).extracting(Ticket::group).hasSize(10).containsOnly("customers");
    }

    @Test
    void refusalsOfRequestsThatWereSentTogetherCountOnce() {
        List<Ticket> together = ask(2, A, Purpose.TAIL, "charges");
        pass(Duration.ofMillis(100));
        together.forEach(t -> budget.slowDown(t, throttle(Throttle.Scope.ACCOUNT), now, now));
        assertThat(budget.account().rate(now)).isEqualTo(10);
    }

    @Test
    void refusalsThatGoOnHalveItAgainDownToOneASecond() {
        for (int i = 0; i < 10; i++) {
            Ticket refused = ask(1, A, Purpose.TAIL, "charges").getFirst();
            pass(Duration.ofSeconds(1));
            assertThat(refused.isSent()).isTrue();
            budget.slowDown(refused, throttle(Throttle.Scope.ACCOUNT), now, now);
        }
        assertThat(budget.account().rate(now)).isBetween(1.0, 2.0);
    }

    @Test
    void tooManyAtOnceMeansFewerAtOnce() {
        Ticket refused = ask(1, A, Purpose.TAIL, "charges").getFirst();
        pass(Duration.ofMillis(5));
        budget.slowDown(
                refused, new Throttle(Throttle.Scope.ACCOUNT, Throttle.Limit.CONCURRENCY, Optional.empty()), now, now);
        assertThat(budget.account().concurrent(now)).isEqualTo(8);
        assertThat(budget.account().rate(now)).isEqualTo(20);
    }

    @Test
    void aSyncThatIsOpenedAgainDoesNotGetItsCeilingTwice() {
        Member member = member("a", ceiling(2, Duration.ofMinutes(1)));
        budget.join(member);
        ask(2, member, Purpose.TAIL, "charges");
        assertThat(pass(Duration.ofSeconds(1))).hasSize(2);
        budget.leave(member, now);
        assertThat(budget.isIdle(now)).isFalse();
        budget.join(member);
        ask(1, member, Purpose.TAIL, "charges");
        assertThat(pass(Duration.ofSeconds(10))).isEmpty();
        pass(Duration.ofSeconds(50));
        budget.leave(member, now + 60 * SECOND);
        assertThat(budget.isIdle(now + 60 * SECOND)).isTrue();
    }

    @Test
    void aRequestBeforeTheAccountWasKnownCounts() {
        budget.charge("account", now);
        budget.charge("account", now);
        ask(1, A, Purpose.PROBE, "charges");
        assertThat(budget.grant(now)).isEmpty();
    }

    private static Throttle throttle(Throttle.Scope scope) {
        return new Throttle(scope, Throttle.Limit.RATE, Optional.empty());
    }
}
