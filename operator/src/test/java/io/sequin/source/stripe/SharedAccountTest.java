package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.WideBudgets;
import io.sequin.credentials.SecretValue;
import io.sequin.data.CredentialRef;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.data.SourceConfig;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.Lane;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceSession;
import io.sequin.source.budget.RateBudgets;
import io.sequin.testkit.stripe.FakeStripe;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two Syncs of one account, each working as hard as it may, against a server that counts. */
class SharedAccountTest {
    private static final Duration RUN = Duration.ofSeconds(4);
    /** Requests in a second: a busy machine brings some late, more than the budget of 20; two of their own would send 40. */
    private static final int COUNTED = 35;

    /** Lists of one Sync at once, and of the other. */
    private static final int MANY = 30;

    private static final int FEW = 10;

    private final FakeStripe stripe = FakeStripe.start();
    private final RateBudgets budgets = WideBudgets.create(Map.of());
    private final HttpConnections http = HttpConnections.of(Proxies.NONE, Optional.empty());
    private final AtomicBoolean stop = new AtomicBoolean();

    private SourceSession open(String sync) {
        SourceContext context = new SourceContext(
                        ref -> SecretValue.of(FakeStripe.TEST_KEY),
                        http,
                        Map.of("stripe", stripe.baseUri()),
                        "test",
                        Clock.systemUTC(),
                        budgets)
                .of(new ResourceKey("team", sync, sync), RateCeiling.NONE);
        SourceSession session = new StripeConnector()
                .open(
                        new SourceConfig(
                                "stripe",
                                "{}",
                                Map.of("apiKeySecretRef", new CredentialRef("team", "stripe", "api-key"))),
                        context);
        session.account();
        return session;
    }

    private static Lane lane(SourceSession session, String id) {
        return session.plan(session.discover(), session.sourceNow()).stream()
                .filter(lane -> lane.id().value().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void list(SourceSession session, Lane lane, AtomicInteger pages) {
        while (!stop.get()) {
            session.read(lane, lane.start(), 1 << 20);
            if (!stop.get()) {
                pages.incrementAndGet();
            }
        }
    }

    private List<Duration> poll(SourceSession session, Lane events) throws InterruptedException {
        List<Duration> took = new ArrayList<>();
        while (!stop.get()) {
            long start = System.nanoTime();
            session.read(events, events.start(), 1 << 20);
            took.add(Duration.ofNanos(System.nanoTime() - start));
            Thread.sleep(100);
        }
        return took;
    }

    @Test
    void theLimitIsNeverMetSyncsTakeTurnsAndTailsDoNotWaitBehindBackfills() throws Exception {
        stripe.data().seed(7, 20, 20, 20);
        stripe.faults().limit("/v1/", COUNTED, Duration.ofSeconds(1), true);
        AtomicInteger many = new AtomicInteger();
        AtomicInteger few = new AtomicInteger();
        List<Duration> polls;
        try (SourceSession a = open("a");
                SourceSession b = open("b");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Lane> lanes =
                    List.of(lane(a, "backfill:customer"), lane(a, "backfill:charge"), lane(a, "backfill:product"));
            Lane single = lane(b, "backfill:product");
            Lane events = lane(b, "events");
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Lane lane = lanes.get(i % lanes.size());
                working.add(threads.submit(() -> list(a, lane, many)));
            }
            for (int i = 0; i < FEW; i++) {
                working.add(threads.submit(() -> list(b, single, few)));
            }
            Future<List<Duration>> tail = threads.submit(() -> poll(b, events));
            TimeUnit.MILLISECONDS.sleep(RUN.toMillis());
            stop.set(true);
            for (Future<?> each : working) {
                each.get();
            }
            polls = tail.get();
        }
        assertThat(stripe.requests().count(r -> r.status() == 429)).isZero();
        assertThat(many.get() + few.get()).isGreaterThan(20);
        // in the order of asking it would be a third
        assertThat(few.get()).isGreaterThan(many.get() / 2);
        List<Duration> sorted = polls.stream().sorted().toList();
        assertThat(sorted.get(sorted.size() / 2)).isLessThan(Duration.ofSeconds(3));
        System.out.printf(
                "pages of %d lists %d, of %d lists %d; polls %d, half of them within %d ms, the longest %d ms%n",
                MANY,
                many.get(),
                FEW,
                few.get(),
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.getLast().toMillis());
        stripe.close();
    }
}
