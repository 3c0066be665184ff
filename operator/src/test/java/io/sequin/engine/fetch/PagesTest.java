package io.sequin.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final Change.Upsert ROW =
            new Change.Upsert("line", RowKey.of("l"), Json.of("\"" + "x".repeat(1_000) + "\""));
    private static final Change SET = new Change.ChildSet("line", RowKey.of("p"), true, List.of(ROW, ROW));

    @Test
    void aSetWeighsWhatItsRowsDo() {
        assertThat(Pages.bytes(List.of(SET))).isGreaterThan(2 * Pages.bytes(List.of(ROW)));
    }

    @Test
    void rowsOfATableWithAParentMustComeAsSetsAndOthersMustNot() {
        assertThatThrownBy(() -> Pages.requireSets(ROW, Set.of("line"))).hasMessageContaining("a parent");
        assertThatThrownBy(() -> Pages.requireSets(SET, Set.of())).hasMessageContaining("no parent");
        assertThatCode(() -> Pages.requireSets(SET, Set.of("line"))).doesNotThrowAnyException();
        Change hint = new Change.Hint("line", RowKey.of("p"), false);
        assertThatCode(() -> Pages.requireSets(hint, Set.of("line"))).doesNotThrowAnyException();
    }
}
