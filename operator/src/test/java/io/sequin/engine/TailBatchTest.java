package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Batch;
import io.sequin.source.Lane;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TailBatchTest {
    private static final LaneId EVENTS = new LaneId("events");
    private static final Checkpoint AFTER = new Checkpoint(Json.of("9"));
    private static final Change UPSERT_A = new Change.Upsert("a", RowKey.of("1"), Json.of("{}"));
    private static final Change DELETE_A = new Change.Delete("a", RowKey.of("2"));
    private static final Change UPSERT_B = new Change.Upsert("b", RowKey.of("3"), Json.of("{}"));

    @Test
    void liveTablesGetEverythingAndNothingIsReset() {
        Batch batch = decide(fetched(UPSERT_A, DELETE_A, UPSERT_B), Set.of(), Set.of());
        assertThat(batch.changes()).containsExactly(UPSERT_A, DELETE_A, UPSERT_B);
        assertThat(batch.resets()).isEmpty();
        assertThat(batch.phases()).isEmpty();
        assertThat(batch.after()).isEqualTo(AFTER);
        assertThat(batch.seq()).isEqualTo(5);
    }

    @Test
    void aSkippedTableGetsDeletesOnlyAndIsSetBackForWhatWasDropped() {
        Batch batch = decide(fetched(UPSERT_A, DELETE_A, UPSERT_B), Set.of("a"), Set.of());
        assertThat(batch.changes()).containsExactly(DELETE_A, UPSERT_B);
        assertThat(batch.resets())
                .isEqualTo(Map.of(firstPass("a").id(), firstPass("a").start()));
        assertThat(batch.phases()).isEqualTo(Map.of("a", TablePhase.FIRST_PASS));
    }

    @Test
    void aSkippedTableWithDeletesOnlyIsNotSetBack() {
        Batch batch = decide(fetched(DELETE_A, UPSERT_B), Set.of("a"), Set.of());
        assertThat(batch.changes()).containsExactly(DELETE_A, UPSERT_B);
        assertThat(batch.resets()).isEmpty();
    }

    @Test
    void aTableThatCouldNotBeFetchedGetsReportedDeletesAndIsSetBack() {
        Change.Hint deleted = new Change.Hint("a", RowKey.of("7"), true);
        Change.Hint changed = new Change.Hint("a", RowKey.of("8"), false);
        SourceException denied = new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "a", null);
        Fetched fetched = new Fetched(
                List.of(UPSERT_B), List.of(deleted, changed), Map.of("a", Trouble.of(denied, Trouble.Area.SOURCE)));
        Batch batch = decide(fetched, Set.of(), Set.of());
        assertThat(batch.changes()).containsExactly(UPSERT_B, new Change.Delete("a", RowKey.of("7")));
        assertThat(batch.resets()).containsOnlyKeys(firstPass("a").id());
        assertThat(batch.phases()).containsOnlyKeys("a");
    }

    @Test
    void somebodyElsesTableIsNotTouchedAtAll() {
        TailBatch step = step(fetched(UPSERT_A, DELETE_A, UPSERT_B), Set.of("a"), Set.of("a"), Set.of("b"));
        Batch batch = step.decide(EVENTS, 5, AFTER);
        assertThat(batch.changes()).containsExactly(UPSERT_B);
        assertThat(batch.resets()).containsOnlyKeys(firstPass("a").id());
        assertThat(batch.phases())
                .as("the database records no such table of ours")
                .isEmpty();
        assertThat(step.undeliverable()).isEmpty();
    }

    @Test
    void aDeleteInATableThatWasOursMustNotBePassedOver() {
        assertThat(step(fetched(DELETE_A), Set.of("a"), Set.of("a"), Set.of("a", "b"))
                        .undeliverable())
                .containsExactly("a");
        assertThat(step(fetched(UPSERT_A), Set.of("a"), Set.of("a"), Set.of("a", "b"))
                        .undeliverable())
                .isEmpty();
    }

    @Test
    void aRefusedDeleteIsRecordedInTheCommitThatPassesItAndTheTableSetBack() {
        RefusedDeletes before = new RefusedDeletes();
        before.committed(Map.of(RefusedDeletes.lane("a"), new Checkpoint(Json.of("[[\"0\"]]"))));
        Change.Hint unread = new Change.Hint("a", RowKey.of("7"), true);
        SourceException denied = new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "a", null);
        Fetched fetched = new Fetched(
                List.of(DELETE_A, UPSERT_B), List.of(unread), Map.of("a", Trouble.of(denied, Trouble.Area.SOURCE)));
        Batch batch = step(fetched, Set.of("a"), Set.of("a"), before, Set.of(), Set.of("a", "b"))
                .decide(EVENTS, 5, AFTER);
        assertThat(batch.changes()).containsExactly(UPSERT_B);
        assertThat(batch.phases()).isEqualTo(Map.of("a", TablePhase.FIRST_PASS));
        assertThat(batch.resets())
                .isEqualTo(Map.of(
                        firstPass("a").id(),
                        firstPass("a").start(),
                        RefusedDeletes.lane("a"),
                        new Checkpoint(Json.of("[[\"0\"],[\"2\"],[\"7\"]]"))));
    }

    @Test
    void aParentWithoutChildrenIsADeleteAndAnyOtherSetIsNot() {
        Change none = new Change.ChildSet("line", RowKey.of("1"), true, List.of());
        Change some = new Change.ChildSet(
                "line", RowKey.of("2"), true, List.of(new Change.Upsert("line", RowKey.of("l"), Json.of("{}"))));
        assertThat(decide(fetched(none, some), Set.of("line"), Set.of()).changes())
                .containsExactly(none);
        Batch refusing = step(
                        fetched(none, some),
                        Set.of("line"),
                        Set.of("line"),
                        new RefusedDeletes(),
                        Set.of(),
                        Set.of("line"))
                .decide(EVENTS, 5, AFTER);
        assertThat(refusing.changes()).isEmpty();
        assertThat(refusing.resets()).containsEntry(RefusedDeletes.lane("line"), new Checkpoint(Json.of("[[\"1\"]]")));
    }

    @Test
    void theChildrenOfAParentThatIsReportedDeletedAreGoneThoughTheyCannotBeFetched() {
        SourceException denied = new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "line", null);
        Fetched fetched = new Fetched(
                List.of(),
                List.of(new Change.Hint("line", RowKey.of("7"), true)),
                Map.of("line", Trouble.of(denied, Trouble.Area.SOURCE)));
        assertThat(decide(fetched, Set.of(), Set.of()).changes())
                .containsExactly(new Change.ChildSet("line", RowKey.of("7"), true, List.of()));
    }

    @Test
    void whatAFirstPassHasLeftOutIsOverOnceItIsSetBack() {
        LeftOut leftOut = new LeftOut();
        LaneId kept = LeftOut.lane(firstPass("invoice").id());
        leftOut.committed(Map.of(kept, LeftOut.record(Set.of("line"))));
        Change some = new Change.ChildSet("line", RowKey.of("2"), false, List.of());
        TailTables tables = new TailTables(
                Set.of("line"),
                Set.of(),
                Set.of(),
                Set.of("line"),
                Set.of("line"),
                Map.of("line", firstPass("invoice")));
        assertThat(new TailBatch(List.of(), fetched(some), tables, new RefusedDeletes(), leftOut)
                        .decide(EVENTS, 5, AFTER)
                        .resets())
                .containsOnlyKeys(firstPass("invoice").id(), kept);
    }

    private static Batch decide(Fetched fetched, Set<String> skipped, Set<String> untouchable) {
        return step(fetched, skipped, untouchable, Set.of("a", "b", "line")).decide(EVENTS, 5, AFTER);
    }

    private static TailBatch step(Fetched fetched, Set<String> skipped, Set<String> untouchable, Set<String> recorded) {
        return step(fetched, skipped, Set.of(), new RefusedDeletes(), untouchable, recorded);
    }

    private static TailBatch step(
            Fetched fetched,
            Set<String> skipped,
            Set<String> refusing,
            RefusedDeletes refused,
            Set<String> untouchable,
            Set<String> recorded) {
        Map<String, Lane> firstPasses = Map.of("a", firstPass("a"), "b", firstPass("b"), "line", firstPass("invoice"));
        TailTables tables = new TailTables(skipped, refusing, untouchable, recorded, Set.of("line"), firstPasses);
        return new TailBatch(List.of(), fetched, tables, refused, new LeftOut());
    }

    private static Fetched fetched(Change... changes) {
        return new Fetched(List.of(changes), List.of(), Map.of());
    }

    private static Lane firstPass(String table) {
        return new Lane(
                new LaneId("backfill:" + table),
                Lane.Kind.FIRST_PASS,
                Set.of(table),
                new Checkpoint(Json.of("\"start of " + table + "\"")));
    }
}
