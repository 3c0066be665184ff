package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.List;
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
        assertThat(grouped).containsExactly(new TableChanges("charge", List.of(revived), List.of(RowKey.of("ch_1"))));
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
    void aHintIsNoRow() {
        Change.Hint hint = new Change.Hint("charge", RowKey.of("ch_1"), true);
        assertThatThrownBy(() -> TableChanges.of(List.of(hint))).isInstanceOf(IllegalArgumentException.class);
    }
}
