package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.WideBudgets;
import io.sequin.credentials.SecretValue;
import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.CredentialRef;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.SourceConfig;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceException;
import io.sequin.source.SourceSession;
import io.sequin.source.budget.RateBudgets;
import io.sequin.source.http.HttpCalls;
import io.sequin.testkit.stripe.FakeStripe;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A session against the fake Stripe, with a key and a clock that a test can change. */
final class StripeBench implements AutoCloseable {
    static final int MAX_BYTES = 8 << 20;

    final FakeStripe stripe;
    final AtomicReference<String> key = new AtomicReference<>(FakeStripe.TEST_KEY);
    final MovableClock clock = new MovableClock();
    String settings = "{}";
    SourceSession session;

    private final Duration answerTimeout;
    private final RateBudgets budgets = WideBudgets.create();
    private final HttpConnections http = HttpConnections.of(Proxies.NONE, Optional.empty());

    StripeBench(FakeStripe stripe) {
        this(stripe, HttpCalls.ANSWER_TIMEOUT);
    }

    StripeBench(FakeStripe stripe, Duration answerTimeout) {
        this.stripe = stripe;
        this.answerTimeout = answerTimeout;
        this.session = open();
    }

    /** As after a restart: nothing in memory. */
    void reopen() {
        session.close();
        session = open();
    }

    private SourceSession open() {
        SourceContext context = new SourceContext(
                ref -> SecretValue.of(key.get()),
                http,
                Map.of("stripe", stripe.baseUri()),
                "sequin/test",
                clock,
                budgets);
        SourceConfig config = new SourceConfig(
                "stripe", settings, Map.of("apiKeySecretRef", new CredentialRef("shop", "stripe", "api-key")));
        return new StripeConnector(answerTimeout).open(config, context);
    }

    /** A fake whose objects and events are made at a time the test decides; the Date header stays real. */
    static FakeStripe fakeAt(AtomicReference<Instant> now) {
        InstantSource clock = now::get;
        return FakeStripe.start(0, clock);
    }

    /** The lanes for all tables, from now on. */
    Map<String, Lane> plan() {
        Catalog all = session.discover();
        Map<String, Lane> lanes = new HashMap<>();
        session.plan(all, session.sourceNow()).forEach(l -> lanes.put(l.id().value(), l));
        return lanes;
    }

    Lane backfill(StripeTable table) {
        return lane("backfill:" + table.name());
    }

    Lane events() {
        return lane("events");
    }

    private Lane lane(String id) {
        Lane lane = plan().get(new LaneId(id).value());
        if (lane == null) {
            throw new AssertionError("no lane " + id);
        }
        return lane;
    }

    Page read(Lane lane, Checkpoint from) {
        return session.read(lane, from, MAX_BYTES);
    }

    /** Reads until the end and gives the pages. */
    List<Page> readAll(Lane lane, Checkpoint from) {
        List<Page> pages = new ArrayList<>();
        Checkpoint at = from;
        do {
            pages.add(read(lane, at));
            at = after(pages.getLast());
        } while (!pages.getLast().end());
        return pages;
    }

    /** As the database gives it back: fields in another order, spaces between. */
    static Checkpoint throughTheDatabase(Checkpoint checkpoint) {
        String text = checkpoint.json().text();
        return new Checkpoint(Json.of(
                text.replaceFirst("^\\{\"v\":1,?(.*)}$", "{$1, \"v\": 1}").replace("{, ", "{")));
    }

    static Checkpoint after(Page page) {
        return page.after().orElseThrow(() -> new AssertionError("every page of Stripe is safe to stop at"));
    }

    static List<Change> changes(List<Page> pages) {
        return pages.stream().flatMap(p -> p.changes().stream()).toList();
    }

    static List<String> ids(List<Page> pages) {
        return changes(pages).stream().map(c -> c.key().parts().getFirst()).toList();
    }

    /** What a customer's row is now. */
    List<Change> fetchCustomer(String id) {
        return session.fetch(List.of(new Change.Hint("customer", RowKey.of(id), false)));
    }

    /** How a call fails; whatever it says, it names no key. */
    static SourceException failure(Runnable call) {
        SourceException e = catchThrowableOfType(SourceException.class, call::run);
        assertThat(e).as("the call fails").isNotNull();
        assertThat(e.toString()).doesNotContain("sk_test", "rk_test", "***");
        return e;
    }

    @Override
    public void close() {
        session.close();
        stripe.close();
    }

    /** Our own clock: real, plus what a test adds. */
    static final class MovableClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void advance(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
