package io.sequin.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.postgres.load.Batch;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a step of a tail commits. */
class TailBatchTest {
    private static final LaneId EVENTS = new LaneId("events");
    private static final Checkpoint AFTER = new Checkpoint(Json.of("9"));
    private static final Change UPSERT_A = new Change.Upsert("a", RowKey.of("1"), Json.of("{}"));
    private static final Change DELETE_A = new Change.Delete("a", RowKey.of("2"));
    private static final Change UPSERT_B = new Change.Upsert("b", RowKey.of("3"), Json.of("{}"));

    @Test
    void tablesThatTakeRowsGetEverything() {
        Batch batch = decide(step(List.of(), UPSERT_A, DELETE_A, UPSERT_B), Set.of("a", "b"), Set.of("a", "b"));
        assertThat(batch.changes()).containsExactly(UPSERT_A, DELETE_A, UPSERT_B);
        assertThat(batch.dirty().added()).isEmpty();
        assertThat(batch.after()).isEqualTo(AFTER);
        assertThat(batch.seq()).isEqualTo(5);
    }

    @Test
    void whatWasFetchedOfATableThatTakesNoneMeanwhileGetsDirty() {
        Batch batch = decide(step(List.of(), UPSERT_A, DELETE_A, UPSERT_B), Set.of("b"), Set.of("b"));
        assertThat(batch.changes()).containsExactly(UPSERT_B);
        assertThat(batch.dirty().added()).containsExactly(hint("a", "1", false), hint("a", "2", true));
    }

    @Test
    void hintsThatWereNotFollowedGetDirtyThoughTheTableTakesRowsAgain() {
        Batch batch = decide(step(List.of(hint("a", "7", false)), UPSERT_B), Set.of("a", "b"), Set.of("a", "b"));
        assertThat(batch.dirty().added()).containsExactly(hint("a", "7", false));
        assertThat(batch.changes()).containsExactly(UPSERT_B);
    }

    @Test
    void whatIsReportedDeletedGoesThoughItCannotBeFetchedAndStaysDirtySinceItMayBeThereAgain() {
        List<Change.Hint> hints = List.of(hint("a", "7", true), hint("a", "8", false), hint("line", "9", true));
        Batch batch = decide(step(hints), Set.of("b"), Set.of("a", "line"));
        assertThat(batch.changes())
                .containsExactly(
                        new Change.Delete("a", RowKey.of("7")),
                        new Change.ChildSet("line", RowKey.of("9"), true, List.of()));
        assertThat(batch.dirty().added()).isEqualTo(hints);
    }

    @Test
    void aReportedDeletionIsAsOldAsThePageThatReportedIt() {
        RequestOrder order = new RequestOrder();
        try (RequestOrder.Flight page = order.flight(Set.of("a"));
                RequestOrder.Flight later = order.flight(Set.of("a"))) {
            long number = page.sent();
            Change again = new Change.Upsert("a", RowKey.of("7"), Json.of("{}"));
            order.applied(order.admit(List.of(new Answer(later.sent(), List.of(again)))));
            TailBatch step = new TailBatch(
                    new Answer(number, List.of()),
                    List.of(),
                    new TailBatch.Unread(number, List.of(hint("a", "7", true))),
                    Set.of());
            Batch batch = step.decide(EVENTS, 5, AFTER, tables(Set.of(), Set.of("a")), order)
                    .batch();
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.dirty().added()).hasSize(1);
        }
    }

    @Test
    void nothingIsDoneToATableThatTakesNeitherRowsNorDeletions() {
        Batch batch = decide(step(List.of(hint("a", "7", true)), DELETE_A), Set.of("b"), Set.of("b"));
        assertThat(batch.changes()).isEmpty();
        assertThat(batch.dirty().added()).containsExactlyInAnyOrder(hint("a", "7", true), hint("a", "2", true));
    }

    @Test
    void aParentWithoutChildrenIsADeletionAndAnyOtherSetIsNot() {
        Change none = new Change.ChildSet("line", RowKey.of("1"), true, List.of());
        Change some = new Change.ChildSet(
                "line", RowKey.of("2"), true, List.of(new Change.Upsert("line", RowKey.of("l"), Json.of("{}"))));
        assertThat(decide(step(List.of(), none, some), Set.of(), Set.of())
                        .dirty()
                        .added())
                .containsExactly(hint("line", "1", true), hint("line", "2", false));
    }

    @Test
    void rowsThatItBroughtItselfWaitWhileTheirTableTakesNone() {
        TailBatch step = new TailBatch(
                new Answer(1, List.of(UPSERT_A)), List.of(), new TailBatch.Unread(1, List.of()), Set.of());
        assertThat(step.mustWait(tables(Set.of("b"), Set.of()))).isTrue();
        assertThat(step.mustWait(tables(Set.of("a"), Set.of()))).isFalse();
    }

    private static Batch decide(TailBatch step, Set<String> rows, Set<String> deletions) {
        return step.decide(EVENTS, 5, AFTER, tables(rows, deletions), new RequestOrder())
                .batch();
    }

    private static TailBatch.Tables tables(Set<String> rows, Set<String> deletions) {
        return new TailBatch.Tables() {
            @Override
            public boolean takesRows(String table) {
                return rows.contains(table);
            }

            @Override
            public boolean takesDeletions(String table) {
                return deletions.contains(table);
            }
        };
    }

    private static TailBatch step(List<Change.Hint> unread, Change... fetched) {
        return new TailBatch(
                new Answer(1, List.of()),
                List.of(new Answer(2, List.of(fetched))),
                new TailBatch.Unread(1, unread),
                Set.of("line"));
    }

    private static Change.Hint hint(String table, String key, boolean deletion) {
        return new Change.Hint(table, RowKey.of(key), deletion);
    }
}
