package io.sequin.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.WideBudgets;
import io.sequin.credentials.SecretValue;
import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.SourceConfig;
import io.sequin.engine.Ledger;
import io.sequin.engine.LedgerSource;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.engine.trouble.LaneException;
import io.sequin.loop.Backoff;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fetch of 100 rows, one at a time in each of four threads. */
@Timeout(60)
class HintFetcherTest {
    private static final int ROWS = 100;
    private static final int PAGE_BYTES = 64 << 10;

    private final Ledger ledger = new Ledger("a");
    private final LedgerSource source = new LedgerSource(ledger, Clock.systemUTC());
    private final List<Change.Hint> hints = IntStream.range(0, ROWS)
            .mapToObj(i -> new Change.Hint("a", RowKey.of("k" + (100 + i)), false))
            .toList();
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void fill() {
        hints.forEach(hint -> ledger.put("a", hint.key().parts().getFirst(), "\"1\""));
    }

    @Test
    void aFailureOfTheSourceEndsTheFetchWithoutAskingForTheRest() {
        source.faults = point -> {
            if (!point.equals("fetch a")) {
                return;
            }
            int number = asked.incrementAndGet();
            waitAtMost(10);
            if (number == 5) {
                throw new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "slow down"));
            }
        };
        assertThatThrownBy(() -> fetcher().fetch(new RequestOrder().flight(Set.of("a")), hints, 0))
                .isInstanceOf(LaneException.class);
        assertThat(asked).hasValueLessThan(ROWS / 2);
    }

    /** As a limit of fewer requests than a group needs: the answers of a group that is cut off can't be kept. */
    @Test
    void aLimitBelowWhatAGroupAsksForLetsItGetOnAllTheSame() throws Exception {
        HintFetcher fetcher = fetcher(10);
        AtomicInteger left = new AtomicInteger();
        source.faults = point -> {
            if (point.equals("fetch a") && left.getAndDecrement() <= 0) {
                throw new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "slow down"));
            }
        };
        RequestOrder.Flight flight = new RequestOrder().flight(Set.of("a"));
        int windows = 0;
        boolean fetched = false;
        while (!fetched && windows++ < ROWS) {
            left.set(7);
            try {
                assertThat(fetcher.fetch(flight, hints, 0).answers().stream()
                                .mapToInt(answer -> answer.changes().size())
                                .sum())
                        .isEqualTo(ROWS);
                fetched = true;
            } catch (LaneException limited) {
                assertThat(limited.trouble().code()).isEqualTo(SourceProblem.RATE_LIMITED);
            }
        }
        assertThat(windows).isEqualTo(1 + (ROWS + 6) / 7);
    }

    /** As much as a page may hold, and of each thread the row that goes beyond its share. */
    @Test
    void noMoreIsHeldAtOnceThanAPageAndTheRestIsLeft() throws Exception {
        int row = 10 << 10;
        hints.forEach(hint -> ledger.put("a", hint.key().parts().getFirst(), "\"" + "x".repeat(row) + "\""));
        HintFetcher fetcher = fetcher(10);
        source.faults = point -> {
            if (point.equals("fetch a")) {
                asked.incrementAndGet();
            }
        };
        RequestOrder.Flight flight = new RequestOrder().flight(Set.of("a"));
        List<Change> all = new ArrayList<>();
        List<Change.Hint> rest = hints;
        while (!rest.isEmpty()) {
            Fetched piece = fetcher.fetch(flight, rest, 0);
            assertThat(Pages.bytes(piece.changes())).isBetween(1L, PAGE_BYTES + 4L * (row + 200));
            all.addAll(piece.changes());
            rest = piece.rest();
            fetcher.forget();
        }
        assertThat(all.stream().map(Change::key))
                .containsExactlyInAnyOrderElementsOf(
                        hints.stream().map(Change.Hint::key).toList());
        assertThat(asked).as("none was asked for twice").hasValue(ROWS);
    }

    /** Where a failure leaves as much as may be held, that is handed on before anything else is asked for. */
    @Test
    void whatIsKeptForTheNextTryCountsToo() throws Exception {
        int row = 20 << 10;
        hints.forEach(hint -> ledger.put("a", hint.key().parts().getFirst(), "\"" + "x".repeat(row) + "\""));
        HintFetcher fetcher = fetcher(1);
        source.faults = point -> {
            if (point.equals("fetch a") && asked.incrementAndGet() > 4) {
                throw new SourceException(Problem.of(SourceProblem.RATE_LIMITED, "slow down"));
            }
        };
        RequestOrder.Flight flight = new RequestOrder().flight(Set.of("a"));
        List<Change.Hint> few = hints.subList(0, 20);
        assertThatThrownBy(() -> fetcher.fetch(flight, few, 0)).isInstanceOf(LaneException.class);
        assertThat(fetcher.keptRows()).as("also those that were under way").isEqualTo(4);
        Fetched again = fetcher.fetch(flight, few, 0);
        assertThat(again.changes()).hasSize(4);
        assertThat(again.rest()).hasSize(16);
        assertThat(asked).as("nothing more").hasValue(5);
    }

    @Test
    void aSourceThatLeavesRowsOutThoughItsAnswerIsSmallIsNotBelieved() throws Exception {
        HintFetcher fetcher = new HintFetcher(
                (some, maxBytes) ->
                        List.of(new Change.Delete("a", some.getFirst().key())),
                settings(10));
        Fetched fetched = fetcher.fetch(new RequestOrder().flight(Set.of("a")), hints.subList(0, 10), 0);
        assertThat(fetched.rest()).isEmpty();
        assertThat(fetched.changes()).as("asked for one by one").hasSize(10);
    }

    @Test
    void anInterruptEndsTheFetchAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        source.faults = point -> {
            if (point.equals("fetch a")) {
                asked.incrementAndGet();
                begun.countDown();
                waitAtMost(60_000);
            }
        };
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread fetching = Thread.ofVirtual().start(() -> {
            try {
                fetcher().fetch(new RequestOrder().flight(Set.of("a")), hints, 0);
            } catch (InterruptedException | RuntimeException e) {
                end.set(e);
            }
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        fetching.interrupt();
        assertThat(fetching.join(Duration.ofSeconds(10))).isTrue();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(asked).hasValueLessThan(ROWS / 2);
    }

    /** As a slow answer; an interrupt ends it. */
    private static void waitAtMost(int millis) {
        try {
            assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException(Problem.of(SourceProblem.UNREACHABLE, "cut short"));
        }
    }

    private HintFetcher fetcher() {
        return fetcher(1);
    }

    private HintFetcher fetcher(int group) {
        SourceSession session = source.open(
                new SourceConfig("ledger", "{}", Map.of()),
                new SourceContext(
                        ref -> SecretValue.of("none"),
                        HttpConnections.of(Proxies.NONE, Optional.empty()),
                        Map.of(),
                        "test",
                        Clock.systemUTC(),
                        WideBudgets.create()));
        return new HintFetcher(session::fetch, settings(group));
    }

    private static EngineSettings settings(int group) {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
        return new EngineSettings(
                7,
                1 << 20,
                Duration.ofSeconds(3),
                PAGE_BYTES,
                4,
                4,
                group,
                1_000,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                backoff);
    }
}
