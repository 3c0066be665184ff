package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.stripe.ChargeChange;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Following the events of all tables. */
class TailTest {
    private static final StripeObjectType CUSTOMER = StripeObjectType.CUSTOMER;
    private static final StripeObjectType PRODUCT = StripeObjectType.PRODUCT;
    private static final StripeObjectType CHARGE = StripeObjectType.CHARGE;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final StripeBench bench = new StripeBench(StripeBench.fakeAt(now));
    private final Lane events = bench.events();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Change.Hint hint(StripeObjectType type, String id, boolean deletion) {
        return new Change.Hint(type.wireName(), RowKey.of(id), deletion);
    }

    private void later(Duration by) {
        now.updateAndGet(t -> t.plus(by));
    }

    private Page read(Checkpoint from) {
        return bench.read(events, StripeBench.throughTheDatabase(from));
    }

    private Checkpoint readToTheEnd(Checkpoint from, List<Change> into) {
        List<Page> pages = bench.readAll(events, from);
        into.addAll(StripeBench.changes(pages));
        return StripeBench.after(pages.getLast());
    }

    @Test
    void itFollowsAllTablesFromAMinuteBeforeTheCutoff() {
        assertThat(events.tables())
                .contains("customer", "product", "charge", "subscription_item")
                .doesNotContain("balance_transaction", "file_link");
        assertThat(TailPosition.of(events.start()).floor())
                .isBetween(
                        Instant.now().minusSeconds(90).getEpochSecond(),
                        Instant.now().minusSeconds(55).getEpochSecond());
    }

    @Test
    void whatIsCreatedChangedOrDeletedIsHintedAt() {
        String customer = bench.stripe.data().create(CUSTOMER);
        String product = bench.stripe.data().create(PRODUCT);
        String charge = bench.stripe.data().create(CHARGE, c -> {
            c.put("status", "succeeded");
            c.put("captured", true);
            c.put("amount_captured", 500).put("amount", 500);
        });
        Checkpoint at = StripeBench.after(read(events.start()));
        later(Duration.ofSeconds(5));
        bench.stripe.data().update(CUSTOMER, customer, c -> c.put("description", "moved"));
        bench.stripe.data().delete(PRODUCT, product);
        bench.stripe.data().change(charge, ChargeChange.refund(10));

        Page page = read(at);

        assertThat(page.changes())
                .containsExactlyInAnyOrder(
                        hint(CUSTOMER, customer, false), hint(PRODUCT, product, true), hint(CHARGE, charge, false));
        assertThat(page.end()).isTrue();
    }

    @Test
    void severalEventsOfOneObjectAreOneHintOfTheNewest() {
        String reborn = bench.stripe.data().create(PRODUCT);
        String gone = bench.stripe.data().create(CUSTOMER);
        for (int i = 0; i < 5; i++) {
            later(Duration.ofSeconds(1));
            String text = "version " + i;
            bench.stripe.data().update(CUSTOMER, gone, c -> c.put("description", text));
        }
        bench.stripe.data().delete(PRODUCT, reborn);
        bench.stripe.data().createProduct(reborn, p -> p.put("name", "again"));
        bench.stripe.data().delete(CUSTOMER, gone);

        assertThat(read(events.start()).changes())
                .containsExactlyInAnyOrder(hint(PRODUCT, reborn, false), hint(CUSTOMER, gone, true));
    }

    @Test
    void anIdlePollBringsNothingAndAnEqualCheckpoint() {
        assertThat(read(events.start()).after().map(Checkpoint::json))
                .contains(StripeBench.throughTheDatabase(events.start()).json());
        bench.stripe.data().create(CUSTOMER);
        Checkpoint at = StripeBench.throughTheDatabase(StripeBench.after(read(events.start())));

        for (int i = 0; i < 3; i++) {
            Page idle = bench.read(events, at);
            assertThat(idle.changes()).isEmpty();
            assertThat(idle.end()).isTrue();
            assertThat(idle.after()).contains(at);
        }
    }

    @Test
    void anEventThatAppearsLateIsNotMissed() {
        // the list is made by arrival: what arrives late stands above what was seen, with an older time
        bench.stripe.data().create(CUSTOMER);
        Checkpoint seen = StripeBench.after(read(events.start()));
        TailPosition position = TailPosition.of(seen);
        String late = bench.stripe.data().create(CUSTOMER);
        assertThat(position.seen()).hasSize(1);

        assertThat(read(seen).changes()).containsExactly(hint(CUSTOMER, late, false));
    }

    @Test
    void aBurstWithinOneSecondIsReadCompletelyAndOnce() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 350; i++) {
            made.add(bench.stripe.data().create(CUSTOMER));
        }

        List<Change> changes = new ArrayList<>();
        Checkpoint at = readToTheEnd(events.start(), changes);

        assertThat(changes.stream().map(c -> c.key().parts().getFirst())).containsExactlyInAnyOrderElementsOf(made);
        List<Change> again = new ArrayList<>();
        assertThat(readToTheEnd(at, again)).isEqualTo(at);
        assertThat(again).isEmpty();
    }

    @Test
    void aWalkGoesOnAfterARestartAtAnyPageAndThePlaceDoesNotMoveBeforeItsEnd() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 450; i++) {
            made.add(bench.stripe.data().create(CUSTOMER));
            later(Duration.ofMillis(300));
        }
        List<Page> whole = bench.readAll(events, events.start());
        assertThat(whole).hasSizeGreaterThanOrEqualTo(5);

        for (int stop = 0; stop < whole.size() - 1; stop++) {
            Checkpoint at = StripeBench.throughTheDatabase(StripeBench.after(whole.get(stop)));
            assertThat(TailPosition.of(at).floor())
                    .isEqualTo(TailPosition.of(events.start()).floor());
            assertThat(whole.get(stop).end()).isFalse();
            bench.reopen();
            Set<String> got = new HashSet<>(StripeBench.ids(whole.subList(0, stop + 1)));
            got.addAll(StripeBench.ids(bench.readAll(events, at)));
            assertThat(got).isEqualTo(made);
        }
    }

    @Test
    void eventsThatComeDuringAWalkAreReadByTheNext() {
        for (int i = 0; i < 250; i++) {
            bench.stripe.data().create(CUSTOMER);
        }
        Checkpoint at = StripeBench.after(read(events.start()));
        String during = bench.stripe.data().create(PRODUCT);
        List<Change> rest = new ArrayList<>();
        at = readToTheEnd(at, rest);
        assertThat(rest).doesNotContain(hint(PRODUCT, during, false));

        assertThat(read(at).changes()).containsExactly(hint(PRODUCT, during, false));
    }

    @Test
    void aWalkWhoseMarkHasExpiredBeginsAgain() {
        for (int i = 0; i < 150; i++) {
            bench.stripe.data().create(CUSTOMER);
        }
        TailPosition walking = TailPosition.of(StripeBench.after(read(events.start())));
        TailPosition lost = new TailPosition(
                walking.floor(), walking.seen(), new TailPosition.Walk(walking.floor() + 60, "evt_unknown"));

        List<Change> changes = new ArrayList<>();
        Checkpoint end = readToTheEnd(lost.checkpoint(), changes);

        assertThat(changes).hasSize(50);
        assertThat(TailPosition.of(end).walk()).isNull();
    }

    @Test
    void thePlaceFollowsTheNewestEventWithAMinuteOfOverlap() {
        bench.stripe.data().create(CUSTOMER);
        Checkpoint at = StripeBench.after(read(events.start()));
        later(Duration.ofMinutes(10));
        bench.stripe.data().create(CUSTOMER);
        // Stripe's clock, not ours: a Date behind the event holds the place back
        TailPosition next = TailPosition.of(StripeBench.after(read(at)));

        assertThat(next.floor()).isLessThanOrEqualTo(Instant.now().getEpochSecond() - 59);
        assertThat(next.seen()).hasSizeBetween(1, 2);
    }

    @Test
    void aPlaceOlderThanTwentyNineDaysHasExpired() {
        Instant old = Instant.now().minus(Tail.RETENTION).minusSeconds(600);
        Checkpoint at = TailPosition.startingAt(old.getEpochSecond()).checkpoint();

        assertThatThrownBy(() -> read(at)).isInstanceOfSatisfying(SourceException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(SourceProblem.CURSOR_EXPIRED);
            assertThat(e.table()).isEmpty();
        });
    }

    @Test
    void aQuietAccountDoesNotExpire() {
        Instant quietSince = Instant.now().minus(Duration.ofDays(20));
        Checkpoint at = TailPosition.startingAt(quietSince.getEpochSecond()).checkpoint();

        Checkpoint moved = StripeBench.after(read(at));

        assertThat(TailPosition.of(moved).floor())
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(65)).getEpochSecond(),
                        Instant.now().minus(Duration.ofMinutes(55)).getEpochSecond());
        assertThat(read(moved).after().map(TailPosition::of)).contains(TailPosition.of(moved));
    }

    @Test
    void onlyTypesOfTheLanesTablesAreAskedFor() {
        Lane products = new Lane(events.id(), events.kind(), Set.of("product"), events.start());
        bench.stripe.data().create(CUSTOMER);
        String product = bench.stripe.data().create(PRODUCT);

        assertThat(bench.read(products, products.start()).changes()).containsExactly(hint(PRODUCT, product, false));
        assertThat(bench.stripe.requests().all().getLast().query())
                .contains("types%5B%5D=product.created")
                .doesNotContain("customer");
    }

    @Test
    void hintsLeadToTheTruthWhateverHappened() {
        bench.stripe.data().seed(3, 150, 40, 200);
        Random random = new Random(11);
        Checkpoint at = events.start();
        Set<String> live = new HashSet<>();
        Set<String> gone = new HashSet<>();
        for (int round = 0; round < 6; round++) {
            bench.stripe.data().churn(random, 60);
            List<Change> hints = new ArrayList<>();
            at = readToTheEnd(at, hints);
            later(Duration.ofSeconds(7));
            for (Change change : bench.session.fetch(
                    hints.stream().map(Change.Hint.class::cast).toList())) {
                String id = change.key().parts().getFirst();
                StripeObjectType type = StripeObjectType.of(change.table());
                boolean exists = bench.stripe.data().find(type, id).isPresent();
                assertThat(change instanceof Change.Upsert).isEqualTo(exists);
                (exists ? live : gone).add(id);
            }
        }
        assertThat(live).isNotEmpty();
        assertThat(gone).isNotEmpty();
    }
}
