package io.sequin.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static List<Change.Hint> hints(String table, int many) {
        List<Change.Hint> hints = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            hints.add(new Change.Hint(table, RowKey.of("k" + i), false));
        }
        return hints;
    }

    @Test
    void eachTableHasItsTurnSinceASourceMayLimitWhatIsAskedOfEachKind() {
        List<Change.Hint> hints = new ArrayList<>(hints("charge", 3));
        hints.addAll(hints("refund", 2));
        Backlog backlog = new Backlog(hints, 1);
        List<String> tables = new ArrayList<>();
        for (List<Change.Hint> group = backlog.next(Set.of()); !group.isEmpty(); group = backlog.next(Set.of())) {
            tables.add(group.getFirst().table());
        }
        assertThat(tables).containsExactly("charge", "refund", "charge", "refund", "charge");
    }

    @Test
    void aTableThatIsLeftOutKeepsItsHints() {
        List<Change.Hint> hints = new ArrayList<>(hints("charge", 2));
        hints.addAll(hints("refund", 1));
        Backlog backlog = new Backlog(hints, 10);
        assertThat(backlog.next(Set.of("charge"))).isEqualTo(hints("refund", 1));
        assertThat(backlog.next(Set.of("charge"))).isEmpty();
        assertThat(backlog.rest(Set.of())).isEqualTo(hints("charge", 2));
    }
}
