package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Stripe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableChangesTest {
    @Test
    void theLastChangeOfAKeyCountsWhateverItIs() {
        Change.Upsert revived = Stripe.charge("ch_2", 2);
        List<TableChanges> grouped = TableChanges.of(List.of(
                Stripe.charge("ch_1", 1),
                Stripe.delete("ch_2"),
                Stripe.charge("ch_1", 3),
                Stripe.delete("ch_1"),
                revived));
        assertThat(grouped)
                .containsExactly(
                        new TableChanges("charge", List.of(revived), List.of(RowKey.of("ch_1")), List.of(), Map.of()));
    }

    @Test
    void tablesComeInNameOrder() {
        assertThat(TableChanges.of(List.of(
                        Stripe.upsert("product", "p", "{}"),
                        Stripe.upsert("charge", "c", "{}"),
                        Stripe.upsert("customer", "c", "{}"))))
                .extracting(TableChanges::table)
                .containsExactly("charge", "customer", "product");
    }

    @Test
    void aCompleteSetReplacesAndAnIncompleteOneDoesNot() {
        assertThat(TableChanges.of(List.of(Lines.set("in_1", true, "a"), Lines.set("in_2", false, "b"))))
                .containsExactly(new TableChanges(
                        "line",
                        List.of(Lines.row("in_1", "a"), Lines.row("in_2", "b")),
                        List.of(),
                        List.of(RowKey.of("in_1")),
                        Map.of(RowKey.of("a"), RowKey.of("in_1"), RowKey.of("b"), RowKey.of("in_2"))));
    }

    @Test
    void aRunOfSetsThatEndsCompleteIsOneCompleteSet() {
        TableChanges run = lines(Lines.set("in_1", false, "a"), Lines.set("in_2", true), Lines.set("in_1", true, "b"));
        assertThat(run.upserts()).containsExactly(Lines.row("in_1", "a"), Lines.row("in_1", "b"));
        assertThat(run.deletes()).isEmpty();
        assertThat(run.replaced()).containsExactlyInAnyOrder(RowKey.of("in_1"), RowKey.of("in_2"));
    }

    @Test
    void afterACompleteSetTheNextBeginsAnew() {
        TableChanges changes = lines(Lines.set("in_1", true, "a", "b"), Lines.set("in_1", true, "b", "c"));
        assertThat(changes.upserts()).containsExactlyInAnyOrder(Lines.row("in_1", "b"), Lines.row("in_1", "c"));
        assertThat(changes.deletes())
                .as("it may belong to another parent still")
                .containsExactly(RowKey.of("a"));
        TableChanges added = lines(Lines.set("in_1", true, "a"), Lines.set("in_1", false, "b"));
        assertThat(added.upserts()).containsExactly(Lines.row("in_1", "a"), Lines.row("in_1", "b"));
    }

    @Test
    void aRowBelongsToTheParentThatNamedItLast() {
        TableChanges moved =
                lines(Lines.set("in_1", false, "a"), Lines.set("in_2", true, "a"), Lines.set("in_1", true, "b"));
        assertThat(moved.upserts()).containsExactlyInAnyOrder(Lines.row("in_2", "a"), Lines.row("in_1", "b"));
        assertThat(moved.deletes()).isEmpty();
    }

    @Test
    void aDeleteAfterASetCounts() {
        TableChanges changes = lines(Lines.set("in_1", true, "a", "b"), new Change.Delete("line", RowKey.of("a")));
        assertThat(changes.upserts()).containsExactly(Lines.row("in_1", "b"));
        assertThat(changes.deletes()).containsExactly(RowKey.of("a"));
    }

    private static TableChanges lines(Change... changes) {
        return TableChanges.of(List.of(changes)).getFirst();
    }

    @Test
    void aHintIsNoRow() {
        Change.Hint hint = new Change.Hint("charge", RowKey.of("ch_1"), true);
        assertThatThrownBy(() -> TableChanges.of(List.of(hint))).isInstanceOf(IllegalArgumentException.class);
    }
}
