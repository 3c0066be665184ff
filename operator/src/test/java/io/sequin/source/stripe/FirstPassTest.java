package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading a table from its newest object to its oldest. */
class FirstPassTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final StripeBench bench = new StripeBench(StripeBench.fakeAt(now));

    @AfterEach
    void close() {
        bench.close();
    }

    private static StripeTable table(StripeObjectType type) {
        return StripeTables.named(type.wireName()).orElseThrow();
    }

    private static List<StripeObjectType> types() {
        return StripeObjectType.core();
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyObjectComesOnceAndAsStripeSentIt(StripeObjectType type) throws IOException {
        bench.stripe.data().seed(7, 320, 230, 410);
        Lane lane = bench.backfill(table(type));

        List<Page> pages = bench.readAll(lane, lane.start());

        Map<String, JsonNode> got = new HashMap<>();
        for (Change change : StripeBench.changes(pages)) {
            Change.Upsert row = (Change.Upsert) change;
            assertThat(row.table()).isEqualTo(type.wireName());
            assertThat(got.put(
                            row.key().parts().getFirst(),
                            MAPPER.readTree(row.object().text())))
                    .isNull();
        }
        assertThat(got).isEqualTo(bench.stripe.data().truth(type));
        assertThat(pages.getFirst().changes()).hasSize(100);
    }

    @Test
    void theRowsOfAPageAreSlicesOfOneAnswer() {
        bench.stripe.data().seed(7, 30, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));

        Page page = bench.read(lane, lane.start());

        byte[] answer = ((Change.Upsert) page.changes().getFirst()).object().bytes();
        assertThat(page.changes())
                .allSatisfy(
                        c -> assertThat(((Change.Upsert) c).object().bytes()).isSameAs(answer));
    }

    @Test
    void anEmptyTableEndsAtOnceAtAnEqualCheckpoint() {
        Lane lane = bench.backfill(StripeTables.get("charge"));

        Page page = bench.read(lane, lane.start());

        assertThat(page.changes()).isEmpty();
        assertThat(page.end()).isTrue();
        assertThat(page.after()).contains(lane.start());
    }

    @Test
    void aRestartAtAnyPageGoesOnWhereItWas() {
        bench.stripe.data().seed(7, 520, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));
        List<Page> whole = bench.readAll(lane, lane.start());
        assertThat(whole).hasSize(6);

        for (int stop = 0; stop < whole.size() - 1; stop++) {
            Checkpoint at = StripeBench.throughTheDatabase(StripeBench.after(whole.get(stop)));
            bench.reopen();
            assertThat(StripeBench.ids(bench.readAll(lane, at)))
                    .isEqualTo(StripeBench.ids(whole.subList(stop + 1, whole.size())));
        }
    }

    @Test
    void objectsMadeMeanwhileDoNotDisturbTheListing() {
        bench.stripe.data().seed(7, 250, 0, 0);
        Set<String> before =
                bench.stripe.data().truth(StripeObjectType.CUSTOMER).keySet();
        Lane lane = bench.backfill(StripeTables.get("customer"));
        List<Page> pages = new ArrayList<>();
        Checkpoint at = lane.start();
        do {
            pages.add(bench.read(lane, at));
            at = StripeBench.after(pages.getLast());
            bench.stripe.data().create(StripeObjectType.CUSTOMER);
        } while (!pages.getLast().end());

        assertThat(StripeBench.ids(pages)).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void theDeletionOfTheObjectThatMarksThePlaceLeavesNoGap() {
        bench.stripe.data().seed(7, 350, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));
        List<Page> pages = new ArrayList<>();
        Checkpoint at = lane.start();
        do {
            pages.add(bench.read(lane, at));
            at = StripeBench.after(pages.getLast());
            String anchor = StripeBench.ids(List.of(pages.getLast())).getLast();
            bench.stripe.data().delete(StripeObjectType.CUSTOMER, anchor);
        } while (!pages.getLast().end());

        assertThat(new HashSet<>(StripeBench.ids(pages)))
                .containsAll(
                        bench.stripe.data().truth(StripeObjectType.CUSTOMER).keySet());
        assertThat(bench.stripe.requests().all())
                .anyMatch(r -> r.query().contains("created%5Blte%5D=") && r.status() == 200);
    }

    private static List<StripeTable> tablesOfObjectsThatStripeDeletes() {
        Set<String> deletable = StripeObjectType.all().stream()
                .filter(type -> type.deletable() && type.parentType().isEmpty())
                .map(StripeObjectType::wireName)
                .collect(Collectors.toSet());
        return StripeTables.all().stream()
                .filter(table -> deletable.contains(table.object())
                        && table.parentTable().isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tablesOfObjectsThatStripeDeletes")
    void noTableHasAGapWhereTheObjectThatMarksThePlaceWasDeleted(StripeTable table) {
        StripeObjectType type = StripeObjectType.of(table.object());
        for (int i = 0; i < 130; i++) {
            now.updateAndGet(time -> time.plusSeconds(60));
            bench.stripe.data().create(type);
        }
        Lane lane = bench.backfill(table);
        Page first = bench.read(lane, lane.start());
        bench.stripe.data().delete(type, StripeBench.ids(List.of(first)).getLast());

        List<Page> rest = first.end() ? List.of() : bench.readAll(lane, StripeBench.after(first));

        assertThat(Stream.concat(Stream.of(first), rest.stream())
                        .flatMap(page -> StripeBench.ids(List.of(page)).stream()))
                .containsAll(bench.stripe.data().truth(type).keySet());
    }

    @Test
    void aPlaceThatDoesNotSayWhenItsObjectWasMadeIsFoundAgainFromTheTop() {
        bench.stripe.data().seed(7, 250, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));
        Page first = bench.read(lane, lane.start());
        String anchor = StripeBench.ids(List.of(first)).getLast();
        bench.stripe.data().delete(StripeObjectType.CUSTOMER, anchor);

        List<Page> again = bench.readAll(lane, new Spot(anchor, 0, null, false).checkpoint());

        assertThat(StripeBench.ids(again))
                .containsAll(
                        bench.stripe.data().truth(StripeObjectType.CUSTOMER).keySet());
    }

    @Test
    void moreObjectsOfOneSecondThanFitAPageAreAllReadThoughTheirMarkIsDeleted() {
        for (int i = 0; i < 260; i++) {
            bench.stripe.data().create(StripeObjectType.CUSTOMER);
        }
        Lane lane = bench.backfill(StripeTables.get("customer"));
        Page first = bench.read(lane, lane.start());
        String anchor = StripeBench.ids(List.of(first)).getLast();
        bench.stripe.data().delete(StripeObjectType.CUSTOMER, anchor);

        List<Page> rest = bench.readAll(lane, StripeBench.after(first));

        Set<String> got = new HashSet<>(StripeBench.ids(rest));
        got.addAll(StripeBench.ids(List.of(first)));
        assertThat(got)
                .containsAll(
                        bench.stripe.data().truth(StripeObjectType.CUSTOMER).keySet());
    }

    @Test
    void pagesShrinkUntilTheyFitTheBudget() {
        bench.stripe.data().seed(7, 150, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));
        int budget = 20_000;

        List<Page> pages = new ArrayList<>();
        Checkpoint at = lane.start();
        do {
            pages.add(bench.session.read(lane, at, budget));
            at = StripeBench.after(pages.getLast());
        } while (!pages.getLast().end());

        assertThat(StripeBench.ids(pages)).hasSize(150).doesNotHaveDuplicates();
        assertThat(pages)
                .allSatisfy(page -> assertThat(((Change.Upsert) page.changes().getFirst())
                                .object()
                                .bytes()
                                .length)
                        .isLessThanOrEqualTo(budget));
    }

    @Test
    void afterOneLargeObjectPagesGrowBackToTheMost() {
        bench.stripe.data().seed(7, 2000, 0, 0);
        now.set(now.get().plusSeconds(60));
        bench.stripe.data().create(StripeObjectType.CUSTOMER, c -> c.put("description", "x".repeat(1 << 20)));
        Lane lane = bench.backfill(StripeTables.get("customer"));

        List<Page> pages = new ArrayList<>();
        Checkpoint at = lane.start();
        do {
            pages.add(bench.session.read(lane, at, 1 << 20));
            at = StripeBench.after(pages.getLast());
        } while (!pages.getLast().end());

        List<Integer> sizes = pages.stream().map(p -> p.changes().size()).toList();
        assertThat(sizes).startsWith(1).contains(2, 4, 64, PagedLists.MAX_LIMIT);
        assertThat(StripeBench.ids(pages)).hasSize(2001).doesNotHaveDuplicates();
    }

    @Test
    void pagesThatFillMoreThanHalfOfTheBudgetDoNotGrowPastIt() {
        bench.stripe.data().seed(7, 400, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));
        int budget = 20_000;
        long before = bench.stripe.requests().total();

        int pages = 0;
        Checkpoint at = lane.start();
        Page page;
        do {
            page = bench.session.read(lane, at, budget);
            at = StripeBench.after(page);
            pages++;
        } while (!page.end());

        assertThat(bench.stripe.requests().total() - before).isLessThan(pages * 12L / 10);
    }

    @Test
    void anObjectLargerThanTheBudgetComesAlone() {
        bench.stripe.data().seed(7, 3, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));

        Page page = bench.session.read(lane, lane.start(), 10);

        assertThat(page.changes()).hasSize(1);
        assertThat(page.end()).isFalse();
    }

    @Test
    void everyRequestAsksForThePinnedVersion() {
        bench.stripe.data().seed(7, 3, 0, 0);
        Lane lane = bench.backfill(StripeTables.get("customer"));
        bench.read(lane, lane.start());

        assertThat(bench.stripe.requests().all())
                .isNotEmpty()
                .allMatch(r -> r.stripeVersion().orElse("").equals(StripeApi.VERSION));
        assertThat(StripeApi.VERSION).isEqualTo(FakeStripe.API_VERSION);
    }
}
