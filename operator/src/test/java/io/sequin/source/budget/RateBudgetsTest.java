package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.sequin.ManualClock;
import io.sequin.data.AccountId;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.BudgetUse;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import io.sequin.source.RequestGate;
import io.sequin.source.RequestListener;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RateBudgetsTest {
    private static final AccountId ACCOUNT = new AccountId("acct_1");
    private static final RateLimits LIMITS = new RateLimits(1_000, 1_000, Map.of(), 10);
    private static final ResourceKey A = new ResourceKey("team", "a", "1");
    private static final ResourceKey B = new ResourceKey("team", "b", "2");

    private final ManualClock clock = new ManualClock();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final RateBudgets stopped = budgets(true);
    private final RateBudgets running = budgets(false);

    private RateBudgets budgets(boolean manual) {
        Instant start = clock.instant();
        return new RateBudgets(
                Map.of(),
                clock,
                manual ? () -> Duration.between(start, clock.instant()).toNanos() : System::nanoTime,
                new Random(1),
                new Listener());
    }

    private final class Listener implements RequestListener {
        @Override
        public void ended(String kind, Purpose purpose, Result result, Duration took) {
            heard.add(kind + " " + purpose + " " + result + " " + took.toMillis());
        }

        @Override
        public void waited(String kind, Purpose purpose, Duration time) {
            heard.add(kind + " " + purpose + " waited");
        }
    }

    private static RequestGate gate(RateBudgets budgets, ResourceKey sync) {
        RequestGate gate = budgets.open("stripe", sync, RateCeiling.NONE);
        gate.belongsTo(ACCOUNT, LIMITS);
        return gate;
    }

    @Test
    void aCeilingUnderWhichASyncCanNotGetOnIsRefusedWithItsCure() {
        RateCeiling one = ceiling(1, Duration.ofSeconds(20));
        SourceException refused = catchThrowableOfType(SourceException.class, () -> stopped.open("stripe", A, one));
        assertThat(refused.problem().code()).isEqualTo(SourceProblem.INVALID_CONFIGURATION);
        assertThat(refused.problem().message())
                .contains("spec.rateLimit.requests to 3 or more", "spec.rateLimit.interval to 5s or less");
        stopped.open("stripe", A, ceiling(1, Duration.ofSeconds(5))).close();
    }

    private static void refuse(RequestGate gate, Instant until) {
        try (RequestGate.Pass pass = gate.enter(Purpose.BACKFILL, "charges")) {
            pass.answered(
                    429, Optional.of(new Throttle(Throttle.Scope.ACCOUNT, Throttle.Limit.RATE, Optional.of(until))));
        }
    }

    @Test
    void aLongWaitIsForEverySyncOfTheAccountAndHoldsNoThread() {
        Instant until = clock.instant().plusSeconds(3_600);
        refuse(gate(stopped, A), until);
        assertThatThrownBy(() -> gate(stopped, B).enter(Purpose.TAIL, "events"))
                .asInstanceOf(type(SourceException.class))
                .satisfies(e -> {
                    assertThat(e.problem().code()).isEqualTo(SourceProblem.RATE_LIMITED);
                    assertThat(e.problem().message()).contains("all Syncs of the account");
                    assertThat(e.problem().retryAt().orElseThrow())
                            .isBetween(until, until.plus(RateBudgets.LONGEST_WAIT));
                });
    }

    @Test
    void everyOneThatWaitsIsToldTheSame() {
        refuse(gate(stopped, A), clock.instant().plusSeconds(3_600));
        RequestGate other = gate(stopped, B);
        List<String> told = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> other.enter(Purpose.TAIL, "events"))
                    .asInstanceOf(type(SourceException.class))
                    .satisfies(e -> told.add(e.problem().toString()));
        }
        assertThat(told).hasSize(3).containsOnly(told.getFirst());
    }

    @Test
    void theSyncsOwnCeilingIsNamedWhereItIsWhatHoldsItUp() {
        RateCeiling hourly = ceiling(3, Duration.ofHours(1));
        RequestGate gate = stopped.open("stripe", A, hourly);
        gate.belongsTo(ACCOUNT, LIMITS);
        for (int i = 0; i < 3; i++) {
            gate.enter(Purpose.TAIL, "events").close();
        }
        assertThatThrownBy(() -> gate.enter(Purpose.TAIL, "events")).hasMessageContaining("spec.rateLimit");
        gate(stopped, B).enter(Purpose.TAIL, "events").close();
    }

    private static RateCeiling ceiling(int requests, Duration interval) {
        return new RateCeiling(
                OptionalInt.of(requests), Optional.of(interval), OptionalInt.empty(), OptionalInt.empty());
    }

    @Test
    void aRateOfTheOperatorsSettingsStandsForAllOfTheAccountAndItsGroupsFollow() {
        RateLimits raised = LIMITS.withPerSecond(4_000);
        assertThat(raised).isEqualTo(new RateLimits(4_000, 4_000, Map.of(), 10));
        RateLimits stripe = new RateLimits(100, 25, Map.of("files", 20), 20).withPerSecond(10);
        assertThat(stripe).isEqualTo(new RateLimits(10, 2, Map.of("files", 2), 20));
        RateBudgets budgets =
                new RateBudgets(Map.of("stripe", 500), clock, System::nanoTime, new Random(1), new Listener());
        gate(budgets, A);
        assertThat(budgets.use().getFirst().perSecond()).isEqualTo(500);
    }

    @Test
    void anotherAccountIsNotConcerned() {
        refuse(gate(stopped, A), clock.instant().plusSeconds(3_600));
        RequestGate other = stopped.open("stripe", B, RateCeiling.NONE);
        other.belongsTo(new AccountId("acct_1/test"), LIMITS);
        other.enter(Purpose.TAIL, "events").close();
    }

    @Test
    void aWaitEndsWithAnInterrupt() throws Exception {
        RateCeiling one =
                new RateCeiling(OptionalInt.empty(), Optional.empty(), OptionalInt.of(1), OptionalInt.empty());
        RequestGate gate = running.open("stripe", A, one);
        gate.belongsTo(ACCOUNT, LIMITS);
        RequestGate.Pass held = gate.enter(Purpose.BACKFILL, "charges");
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                gate.enter(Purpose.BACKFILL, "charges");
                end.complete("let through");
            } catch (SourceException e) {
                end.complete(e.getMessage() + ", interrupted "
                        + Thread.currentThread().isInterrupted());
            }
        });
        await().until(() -> running.use().stream().anyMatch(u -> u.waiting() == 1));
        waiter.interrupt();
        assertThat(end.get()).contains("interrupted true");
        assertThat(running.use().getFirst().waiting()).isZero();
        held.close();
        gate.enter(Purpose.BACKFILL, "charges").close();
    }

    @Test
    void whoWaitsForAnAnswerGoesOnWhenItComes() throws Exception {
        RequestGate gate = running.open(
                "stripe",
                A,
                new RateCeiling(OptionalInt.empty(), Optional.empty(), OptionalInt.of(1), OptionalInt.empty()));
        gate.belongsTo(ACCOUNT, LIMITS);
        RequestGate.Pass held = gate.enter(Purpose.BACKFILL, "charges");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> next =
                    threads.submit(() -> gate.enter(Purpose.BACKFILL, "charges").close());
            await().until(() -> running.use().getFirst().waiting() == 1);
            assertThat(next.isDone()).isFalse();
            held.close();
            next.get();
        }
    }

    @Test
    void whoWaitsIsSentAwayWhenTheWaitBecomesLong() throws Exception {
        RateCeiling one =
                new RateCeiling(OptionalInt.empty(), Optional.empty(), OptionalInt.of(1), OptionalInt.empty());
        RequestGate gate = running.open("stripe", A, one);
        gate.belongsTo(ACCOUNT, LIMITS);
        RequestGate.Pass held = gate.enter(Purpose.BACKFILL, "charges");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> next = threads.submit(() -> gate.enter(Purpose.TAIL, "events"));
            await().until(() -> running.use().getFirst().waiting() == 1);
            held.answered(
                    429,
                    Optional.of(new Throttle(
                            Throttle.Scope.ACCOUNT,
                            Throttle.Limit.RATE,
                            Optional.of(clock.instant().plusSeconds(3_600)))));
            held.close();
            assertThatThrownBy(next::get).hasMessageContaining("slow down");
        }
    }

    @Test
    void manyThreadsAllGetThroughAtThePaceOfTheBudget() throws Exception {
        RateLimits limits = new RateLimits(250, 250, Map.of(), 4);
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 200; i++) {
                RequestGate gate = running.open("stripe", i % 2 == 0 ? A : B, RateCeiling.NONE);
                gate.belongsTo(ACCOUNT, limits);
                Purpose purpose = i % 4 == 0 ? Purpose.TAIL : Purpose.BACKFILL;
                all.add(threads.submit(() -> gate.enter(purpose, "charges").close()));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        // 200 a second, 20 of them at once
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(850));
    }

    @Test
    void aBudgetThatNobodyUsesAnyMoreIsDropped() {
        RequestGate one = gate(stopped, A);
        RequestGate other = gate(stopped, B);
        one.enter(Purpose.TAIL, "events").close();
        one.close();
        assertThat(stopped.size()).isEqualTo(1);
        other.close();
        assertThat(stopped.size()).isZero();
    }

    @Test
    void aRequestToSlowDownOutlivesTheSessionsThatHeardIt() {
        RequestGate one = gate(stopped, A);
        refuse(one, clock.instant().plusSeconds(60));
        one.close();
        assertThatThrownBy(() -> gate(stopped, A).enter(Purpose.TAIL, "events")).hasMessageContaining("slow down");
        clock.advance(Duration.ofMinutes(5));
        assertThat(stopped.use()).hasSize(1);
    }

    @Test
    void sessionsThatDoNotKnowTheirAccountYetShareASmallBudget() {
        RequestGate one = stopped.open("stripe", A, RateCeiling.NONE);
        one.enter(Purpose.PROBE, "account").close();
        one.belongsTo(ACCOUNT, LIMITS);
        assertThat(stopped.size()).isEqualTo(1);
        assertThat(stopped.use()).extracting(BudgetUse::account).containsExactly(ACCOUNT);
    }

    @Test
    void itTellsWhatBecameOfEachRequest() {
        RequestGate gate = gate(stopped, A);
        try (RequestGate.Pass pass = gate.enter(Purpose.FETCH, "charges")) {
            clock.advance(Duration.ofMillis(5));
            pass.answered(404, Optional.empty());
        }
        clock.advance(Duration.ofSeconds(1));
        gate.enter(Purpose.TAIL, "events").close();
        assertThat(heard)
                .containsExactly(
                        "stripe FETCH waited",
                        "stripe FETCH NOT_FOUND 5",
                        "stripe TAIL waited",
                        "stripe TAIL UNREACHABLE 0");
        assertThat(stopped.use()).containsExactly(new BudgetUse("stripe", ACCOUNT, 800, 1, 8, 0, 0));
    }
}
