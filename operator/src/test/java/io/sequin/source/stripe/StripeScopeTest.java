package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose data are read, from when on, and what the account does not have. */
class StripeScopeTest {
    private static final String CONNECTED = "acct_1Connected";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final StripeBench bench = new StripeBench(StripeBench.fakeAt(now));

    @AfterEach
    void close() {
        bench.close();
    }

    private void use(String settings) {
        bench.settings = settings;
        bench.reopen();
    }

    @Test
    void aConnectedAccountIsReadInPlaceOfTheKeysOwn() {
        bench.stripe.connect(FakeStripe.ACCOUNT, CONNECTED);
        bench.stripe.data().create(StripeObjectType.CUSTOMER);
        String theirs = bench.stripe.data(CONNECTED, false).create(StripeObjectType.CUSTOMER);
        use("{\"account\":\"" + CONNECTED + "\"}");

        assertThat(bench.session.account()).isEqualTo(new AccountId(CONNECTED + "/test"));
        Lane lane = bench.backfill(StripeTables.get("customer"));
        assertThat(StripeBench.ids(bench.readAll(lane, lane.start()))).containsExactly(theirs);
    }

    @Test
    void aKeyThatMayNotActForTheAccountIsToldSo() {
        use("{\"account\":\"" + CONNECTED + "\"}");

        SourceException e = catchThrowableOfType(SourceException.class, bench.session::account);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.PERMISSION_DENIED);
        assertThat(e.problem().message()).contains(CONNECTED, "source.stripe.account");
        assertThat(e.table()).isEmpty();
    }

    @Test
    void anAccountThatIsDisconnectedLaterDeletesNothing() {
        bench.stripe.connect(FakeStripe.ACCOUNT, CONNECTED);
        String theirs = bench.stripe.data(CONNECTED, false).create(StripeObjectType.CUSTOMER);
        use("{\"account\":\"" + CONNECTED + "\"}");
        Lane lane = bench.backfill(StripeTables.get("customer"));
        bench.stripe.disconnect(FakeStripe.ACCOUNT, CONNECTED);

        SourceException read = catchThrowableOfType(SourceException.class, () -> bench.read(lane, lane.start()));
        SourceException fetch = catchThrowableOfType(
                SourceException.class,
                () -> bench.session.fetch(List.of(new Change.Hint("customer", RowKey.of(theirs), true))));

        assertThat(List.of(read, fetch)).allSatisfy(e -> {
            assertThat(e.problem().code()).isEqualTo(SourceProblem.PERMISSION_DENIED);
            assertThat(e.table()).as("not this table's trouble").isEmpty();
        });
    }

    @Test
    void aFirstPassBeginsAtTheStartDateWhereAListCanBeCutAndTheTailAnywhere() {
        Instant today = now.get();
        now.set(today.minus(Duration.ofDays(3)));
        String old = bench.stripe.data().create(StripeObjectType.CUSTOMER);
        String quote = bench.stripe.data().create(StripeObjectType.of("quote"));
        now.set(today);
        String young = bench.stripe.data().create(StripeObjectType.CUSTOMER);
        use("{\"startDate\":\"" + LocalDate.ofInstant(today.minus(Duration.ofDays(1)), ZoneOffset.UTC) + "\"}");

        Lane customers = bench.backfill(StripeTables.get("customer"));
        Lane quotes = bench.backfill(StripeTables.get("quote"));
        assertThat(StripeBench.ids(bench.readAll(customers, customers.start()))).containsExactly(young);
        assertThat(StripeBench.ids(bench.readAll(quotes, quotes.start())))
                .as("quotes can't be cut by when they were made")
                .containsExactly(quote);

        Lane events = bench.events();
        bench.stripe.data().update(StripeObjectType.CUSTOMER, old, c -> c.put("description", "moved"));
        List<Change.Hint> hints = StripeBench.changes(bench.readAll(events, events.start())).stream()
                .map(Change.Hint.class::cast)
                .filter(h -> h.key().equals(RowKey.of(old)))
                .toList();
        assertThat(bench.session.fetch(hints)).singleElement().isInstanceOf(Change.Upsert.class);
    }

    @Test
    void noFurtherObjectIsAskedForOnceTheAnswersAreLarge() {
        List<Change.Hint> hints = Stream.generate(() -> bench.stripe.data().create(StripeObjectType.CUSTOMER))
                .limit(3)
                .map(id -> new Change.Hint("customer", RowKey.of(id), false))
                .toList();
        bench.plan();

        List<Change> first = bench.session.fetch(hints, 1);
        List<Change> two = bench.session.fetch(hints, (int) first.getFirst().bytes() + 1);

        assertThat(first).hasSize(1);
        assertThat(two).hasSize(2);
        assertThat(bench.session.fetch(hints)).hasSize(3);
    }

    @Test
    void aProductThatTheAccountDoesNotHaveIsLookedForAgainInAnHour() {
        bench.stripe.data().products().remove("issuing");
        Lane cards = bench.backfill(StripeTables.get("issuing_card"));
        Lane tokens = bench.backfill(StripeTables.get("issuing_token"));

        SourceException e = catchThrowableOfType(SourceException.class, () -> bench.read(cards, cards.start()));
        SourceException ofTokens =
                catchThrowableOfType(SourceException.class, () -> bench.read(tokens, tokens.start()));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.NOT_OFFERED);
        assertThat(e.table()).contains("issuing_card");
        assertThat(ofTokens.table()).contains("issuing_token");
        assertThat(e.problem().retryAt())
                .hasValueSatisfying(at -> assertThat(at)
                        .isBetween(
                                Instant.now().plus(Duration.ofMinutes(55)),
                                Instant.now().plus(Duration.ofMinutes(65))));
        bench.stripe.data().products().add("issuing");
        assertThat(bench.read(cards, cards.start()).changes()).isEmpty();
    }
}
