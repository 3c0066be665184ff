package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that belong to another object. */
class ChildrenTest {
    private static final StripeObjectType INVOICE = StripeObjectType.of("invoice");

    private final StripeBench bench = new StripeBench(FakeStripe.start());
    private final Replica replica = new Replica();

    @AfterEach
    void close() {
        bench.close();
    }

    private List<Lane> plan(String... tables) {
        Catalog some = new Catalog(
                Stream.of(tables).map(t -> StripeTables.get(t).shape()).toList());
        return bench.session.plan(some, bench.session.sourceNow());
    }

    private List<Page> read(Lane lane, int maxBytes) {
        List<Page> pages = new ArrayList<>();
        Checkpoint at = lane.start();
        do {
            pages.add(bench.session.read(lane, at, maxBytes));
            replica.apply(pages.getLast().changes());
            at = pages.getLast().next();
        } while (!pages.getLast().end());
        return pages;
    }

    @Test
    void rowsOfOneParentThatExceedTheBudgetComeInPiecesThatAreCommittedTogether() {
        bench.stripe.data().seed(8, Map.of(INVOICE, 9));
        Lane lane = bench.backfill(StripeTables.get("invoice"));
        assertThat(lane.tables()).containsExactlyInAnyOrder("invoice", "invoice_line_item");

        List<Page> pages = read(lane, 40_000);

        assertThat(pages).anyMatch(page -> !page.safe());
        assertThat(replica.table("invoice").keySet())
                .isEqualTo(bench.stripe.data().truth(INVOICE).keySet());
        assertThat(replica.table("invoice_line_item"))
                .isEqualTo(StripeTruth.of(bench.stripe.data(), StripeTables.get("invoice_line_item")));
    }

    @Test
    void withoutTheirParentTheyAreReadAndFollowedAlone() {
        bench.stripe.data().seed(8, Map.of(INVOICE, 5));
        List<Lane> lanes = plan("invoice_line_item");
        assertThat(lanes).extracting(l -> l.id().value()).containsExactly("backfill:invoice_line_item", "events");

        read(lanes.getFirst(), 1 << 20);

        assertThat(replica.table("invoice")).isEmpty();
        assertThat(replica.table("invoice_line_item"))
                .isEqualTo(StripeTruth.of(bench.stripe.data(), StripeTables.get("invoice_line_item")));
        String invoice = bench.stripe.data().randomLive(INVOICE, new Random(1)).orElseThrow();
        assertThat(bench.session.fetch(List.of(new Change.Hint("invoice_line_item", RowKey.of(invoice), false))))
                .isNotEmpty()
                .allMatch(Change.ChildSet.class::isInstance);
    }

    @Test
    void aParentThatIsGoneHasNoRowsAnyMore() {
        bench.stripe.data().seed(8, Map.of(INVOICE, 3));
        plan("invoice", "invoice_line_item", "setup_attempt");
        RowKey gone =
                RowKey.of(bench.stripe.data().randomLive(INVOICE, new Random(1)).orElseThrow());
        bench.stripe.data().delete(INVOICE, gone.parts().getFirst());

        assertThat(bench.session.fetch(List.of(new Change.Hint("invoice", gone, true))))
                .containsExactly(
                        new Change.Delete("invoice", gone),
                        new Change.ChildSet("invoice_line_item", gone, true, List.of()));
        RowKey never = RowKey.of("seti_never");
        assertThat(bench.session.fetch(List.of(new Change.Hint("setup_attempt", never, false))))
                .containsExactly(new Change.ChildSet("setup_attempt", never, true, List.of()));
    }

    @Test
    void aRowSaysWhoseItIsWhereStripeDoesNot() {
        StripeObjectType session = StripeObjectType.of("checkout.session");
        bench.stripe.data().seed(8, Map.of(session, 3));
        Lane lane = bench.backfill(StripeTables.get("checkout_session_line_item"));

        read(lane, 1 << 20);

        assertThat(replica.table("checkout_session_line_item"))
                .isNotEmpty()
                .isEqualTo(StripeTruth.of(bench.stripe.data(), StripeTables.get("checkout_session_line_item")));
    }

    /** As each page needs more requests than a limit lets through at once. */
    @Test
    void whatWasReadBeforeARateLimitIsAPage() {
        StripeObjectType session = StripeObjectType.of("checkout.session");
        bench.stripe.data().seed(8, Map.of(session, 8));
        Lane lane = bench.backfill(StripeTables.get("checkout_session_line_item"));
        bench.stripe
                .faults()
                .add(FaultRule.always(new Fault.RateLimited(Optional.empty()))
                        .onPath("/v1/checkout/sessions/")
                        .everyNth(4));

        List<Page> pages = read(lane, 1 << 20);

        assertThat(pages).hasSizeGreaterThan(2).allMatch(Page::safe);
        assertThat(replica.table("checkout_session_line_item"))
                .isNotEmpty()
                .isEqualTo(StripeTruth.of(bench.stripe.data(), StripeTables.get("checkout_session_line_item")));
    }
}
