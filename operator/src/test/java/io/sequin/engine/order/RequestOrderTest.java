package io.sequin.engine.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose answer wins: that of the request that was sent later, in whatever order they are applied. */
class RequestOrderTest {
    private final RequestOrder order = new RequestOrder();
    private final RequestOrder.Flight slow = order.flight(Set.of("a", "line"));
    private final RequestOrder.Flight quick = order.flight(Set.of("a", "line"));

    @Test
    void aPageThatWasReadBeforeAChangeDoesNotUndoIt() {
        long page = slow.sent();
        apply(quick.sent(), row("k", "new"));
        assertThat(apply(page, row("k", "old"), row("other", "old"))).containsExactly(row("other", "old"));
    }

    @Test
    void aPageThatWasReadBeforeADeleteDoesNotBringTheRowBack() {
        long page = slow.sent();
        apply(quick.sent(), new Change.Delete("a", RowKey.of("k")));
        assertThat(apply(page, row("k", "old"))).isEmpty();
    }

    @Test
    void aDeleteThatWasReadBeforeTheIdWasCreatedAgainDoesNotRemoveIt() {
        long page = slow.sent();
        apply(quick.sent(), row("k", "again"));
        assertThat(apply(page, new Change.Delete("a", RowKey.of("k")))).isEmpty();
    }

    @Test
    void whatWasReadLaterIsAppliedThoughTheRowWasDeletedBefore() {
        long fetch = slow.sent();
        apply(fetch, new Change.Delete("a", RowKey.of("k")));
        assertThat(apply(quick.sent(), row("k", "again"))).hasSize(1);
    }

    @Test
    void aSetThatWasReadBeforeAnotherOfItsParentDoesNotBringChildrenBack() {
        long page = slow.sent();
        apply(quick.sent(), set("p", true));
        assertThat(apply(page, set("p", true, "c1", "c2"))).isEmpty();
    }

    @Test
    void piecesOfASetThatCameOverSeveralPagesAreAsOldAsTheFirst() {
        long first = slow.sent();
        long between = quick.sent();
        long second = slow.sent();
        apply(between, set("p", true, "c1"));
        List<Change> kept = order.admit(List.of(
                        new Answer(first, List.of(set("p", false, "c1"))),
                        new Answer(second, List.of(set("p", true, "c2"), set("q", true, "c3")))))
                .changes();
        assertThat(kept).containsExactly(set("q", true, "c3"));
    }

    @Test
    void aChildThatMovedStaysWithTheParentThatWasReadLater() {
        long page = slow.sent();
        apply(quick.sent(), set("after", true, "c1"));
        assertThat(apply(page, set("before", true, "c1", "c2"))).containsExactly(set("before", true, "c2"));
    }

    @Test
    void withinABatchTheLaterOneComesLast() {
        long first = slow.sent();
        long second = slow.sent();
        assertThat(order.admit(List.of(
                                new Answer(second, List.of(row("k", "new"))),
                                new Answer(first, List.of(row("k", "old")))))
                        .changes())
                .containsExactly(row("k", "old"), row("k", "new"));
    }

    @Test
    void theSameAnswerMayBeAppliedAgain() {
        slow.sent();
        long fetch = quick.sent();
        apply(fetch, row("k", "v"));
        assertThat(apply(fetch, row("k", "v"))).hasSize(1);
    }

    @Test
    void nothingIsRememberedWhileNoOlderRequestIsUnderWay() {
        apply(quick.sent(), row("k", "v"));
        assertThat(order.remembered()).isZero();
        slow.sent();
        apply(quick.sent(), row("k", "v"));
        quick.close();
        long page = slow.sent();
        apply(page, row("other", "v"));
        assertThat(order.remembered())
                .as("for the first request of the slow one")
                .isEqualTo(2);
        slow.close();
        assertThat(order.remembered()).isZero();
    }

    @Test
    void whatIsOlderThanTheOldestUnderWayIsForgotten() {
        slow.sent();
        long early = quick.sent();
        apply(early, row("early", "v"));
        quick.close();
        RequestOrder.Flight third = order.flight(Set.of("a"));
        third.sent();
        apply(third.sent(), row("late", "v"));
        assertThat(order.remembered()).isEqualTo(2);
        slow.close();
        assertThat(order.remembered()).isEqualTo(1);
        third.close();
        assertThat(order.remembered()).isZero();
    }

    @Test
    void requestsForOtherTablesKeepNothing() {
        RequestOrder.Flight other = order.flight(Set.of("b"));
        other.sent();
        apply(quick.sent(), row("k", "v"));
        assertThat(order.remembered()).isZero();
    }

    private List<Change> apply(long number, Change... changes) {
        RequestOrder.Admitted admitted = order.admit(List.of(new Answer(number, List.of(changes))));
        order.applied(admitted);
        return admitted.changes();
    }

    private static Change row(String key, String value) {
        return new Change.Upsert("a", RowKey.of(key), Json.of("\"" + value + "\""));
    }

    private static Change.ChildSet set(String parent, boolean complete, String... rows) {
        return new Change.ChildSet(
                "line",
                RowKey.of(parent),
                complete,
                Arrays.stream(rows)
                        .map(id -> new Change.Upsert("line", RowKey.of(id), NOTHING))
                        .toList());
    }

    private static final Json NOTHING = Json.of("{}");
}
