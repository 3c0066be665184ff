package io.sequin.engine.resync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.engine.order.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a listing has met beside what is written of it. */
class ResyncStepTest {
    private static final Change ONE = new Change.Upsert("a", RowKey.of("1"), Json.of("{}"));
    private static final Change TWO = new Change.Upsert("a", RowKey.of("2"), Json.of("{}"));
    private static final Change SET = new Change.ChildSet("line", RowKey.of("2"), true, List.of());

    @Test
    void rowsThatANewerAnswerHasOvertakenWereMet() {
        List<Answer> read = List.of(new Answer(1, List.of(ONE, TWO)), new Answer(2, List.of(SET)));
        assertThat(ResyncStep.overtaken(read, List.of(ONE)))
                .isEqualTo(Map.of("a", Set.of(RowKey.of("2")), "line", Set.of(RowKey.of("2"))));
    }

    @Test
    void whatIsWrittenIsNotCountedTwice() {
        List<Answer> read = List.of(new Answer(1, List.of(ONE, TWO)), new Answer(2, List.of(SET)));
        assertThat(ResyncStep.overtaken(read, List.of(ONE, TWO, SET))).isEmpty();
    }
}
